-- 导入: profiles, runs and watched folders. Words: design glossary.

select;
