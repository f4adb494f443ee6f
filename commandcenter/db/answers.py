"""Knowledge for answering on the spot: 常见问题 and templates, as everybody at a desk reads and administrators keep them."""

from typing import Final

ANSWERS: Final = """
    select id, question, answer, category_id, keywords, unit_id, valid_until from cc.answers
    where district_id = cc.home_district() order by category_id nulls last, id
"""
TEMPLATES: Final = """
    select id, name, part, words, place from cc.templates where district_id = cc.home_district() order by part, place, id
"""
ADD_ANSWER: Final = """
    insert into cc.answers (question, answer, category_id, keywords, unit_id, valid_until)
    values (:question, :answer, :category_id, cast(:keywords as text[]), :unit_id, :valid_until) returning id
"""
ADD_TEMPLATE: Final = """
    insert into cc.templates (name, part, words, place)
    values (:name, cast(:part as text), :words, coalesce((select max(t.place) from cc.templates t
            where t.district_id = cc.home_district() and t.part = cast(:part as text)), 0) + 1)
    returning id
"""
REMOVE_ANSWER: Final = """
    delete from cc.answers where district_id = cc.home_district() and id = :id and question = :question returning id
"""
REMOVE_TEMPLATE: Final = """
    delete from cc.templates where district_id = cc.home_district() and id = :id and name = :name returning id
"""
