"""A party to any project that an arbitration concerns, and who asked for it, is a party to its item."""

from django.db import migrations

EACH_PROJECT = """
CREATE OR REPLACE FUNCTION cadran_is_party(p_person bigint, p_item bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    WITH facts AS (
        SELECT q.id AS request_id, q.owner_id, q.report_id, q.arbitration_id, p.id AS project_id, p.sponsor_id, p.manager_id,
            p.deputy_id, p.programme_id, b.kind IN ('project_board', 'project_committee') AS own_board
        FROM governance_agendaitem i
        JOIN governance_sitting s ON s.id = i.sitting_id
        JOIN governance_body b ON b.id = s.body_id
        JOIN governance_decisionrequest q ON q.id = i.request_id
        JOIN portfolio_project p ON p.id = q.project_id OR p.id IN (
            SELECT c.project_id FROM governance_concernedproject c WHERE c.arbitration_id = q.arbitration_id
        )
        WHERE i.id = p_item
    ), programmes AS (
        SELECT programme_id AS id FROM facts
        UNION SELECT v.programme_id FROM portfolio_projectevent v JOIN facts f ON v.pgh_obj_id = f.project_id
    )
    SELECT p_person IS NOT NULL AND EXISTS (
        SELECT 1 FROM facts f WHERE NOT (
            f.own_board AND p_person = f.sponsor_id AND f.sponsor_id IS DISTINCT FROM f.manager_id
            AND p_person IS DISTINCT FROM f.owner_id
        ) AND (
            p_person IN (f.manager_id, f.deputy_id, f.owner_id)
            OR (NOT f.own_board AND p_person = f.sponsor_id)
            OR EXISTS (
                SELECT 1 FROM portfolio_projectevent v WHERE v.pgh_obj_id = f.project_id
                AND (p_person IN (v.manager_id, v.deputy_id) OR (NOT f.own_board AND p_person = v.sponsor_id))
            )
            OR EXISTS (
                SELECT 1 FROM governance_decisionrequestevent v
                WHERE v.pgh_obj_id = f.request_id AND v.owner_id = p_person
            )
            OR EXISTS (
                SELECT 1 FROM governance_decisionrequest w
                WHERE w.project_id = f.project_id AND w.state = 'withdrawn' AND w.owner_id = p_person
            )
            OR EXISTS (
                SELECT 1 FROM governance_arbitration n
                WHERE n.id = f.arbitration_id AND n.requested_by_id = p_person
            )
            OR EXISTS (
                SELECT 1 FROM portfolio_statusreport r JOIN people_person a ON a.user_id = r.author_id
                WHERE r.id = f.report_id AND a.id = p_person
            )
            OR EXISTS (
                SELECT 1 FROM programmes g JOIN portfolio_programme m ON m.id = g.id WHERE m.manager_id = p_person
            )
            OR EXISTS (
                SELECT 1 FROM programmes g JOIN portfolio_programmeevent m ON m.pgh_obj_id = g.id
                WHERE m.manager_id = p_person
            )
        )
    )
$$;
"""

ONE_PROJECT = """
CREATE OR REPLACE FUNCTION cadran_is_party(p_person bigint, p_item bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    WITH facts AS (
        SELECT q.id AS request_id, q.owner_id, q.report_id, p.id AS project_id, p.sponsor_id, p.manager_id,
            p.deputy_id, p.programme_id, b.kind IN ('project_board', 'project_committee') AS own_board
        FROM governance_agendaitem i
        JOIN governance_sitting s ON s.id = i.sitting_id
        JOIN governance_body b ON b.id = s.body_id
        JOIN governance_decisionrequest q ON q.id = i.request_id
        JOIN portfolio_project p ON p.id = q.project_id
        WHERE i.id = p_item
    ), programmes AS (
        SELECT programme_id AS id FROM facts
        UNION SELECT v.programme_id FROM portfolio_projectevent v JOIN facts f ON v.pgh_obj_id = f.project_id
    )
    SELECT p_person IS NOT NULL AND EXISTS (
        SELECT 1 FROM facts f WHERE NOT (
            f.own_board AND p_person = f.sponsor_id AND f.sponsor_id IS DISTINCT FROM f.manager_id
            AND p_person IS DISTINCT FROM f.owner_id
        ) AND (
            p_person IN (f.manager_id, f.deputy_id, f.owner_id)
            OR (NOT f.own_board AND p_person = f.sponsor_id)
            OR EXISTS (
                SELECT 1 FROM portfolio_projectevent v WHERE v.pgh_obj_id = f.project_id
                AND (p_person IN (v.manager_id, v.deputy_id) OR (NOT f.own_board AND p_person = v.sponsor_id))
            )
            OR EXISTS (
                SELECT 1 FROM governance_decisionrequestevent v
                WHERE v.pgh_obj_id = f.request_id AND v.owner_id = p_person
            )
            OR EXISTS (
                SELECT 1 FROM governance_decisionrequest w
                WHERE w.project_id = f.project_id AND w.state = 'withdrawn' AND w.owner_id = p_person
            )
            OR EXISTS (
                SELECT 1 FROM portfolio_statusreport r JOIN people_person a ON a.user_id = r.author_id
                WHERE r.id = f.report_id AND a.id = p_person
            )
            OR EXISTS (
                SELECT 1 FROM programmes g JOIN portfolio_programme m ON m.id = g.id WHERE m.manager_id = p_person
            )
            OR EXISTS (
                SELECT 1 FROM programmes g JOIN portfolio_programmeevent m ON m.pgh_obj_id = g.id
                WHERE m.manager_id = p_person
            )
        )
    )
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0014_register_is_guarded")]

    operations = [migrations.RunSQL(EACH_PROJECT, ONE_PROJECT)]
