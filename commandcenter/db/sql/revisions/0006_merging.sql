-- 并单: links between cases, themes, what may be a repeat. Words: design glossary.

select;
