-- 研习: models and corrections; 直办: knowledge and templates. Words: design glossary.

select;
