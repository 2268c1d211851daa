"""A decision is born from a session only, and nobody votes or signs on his own dossier, whatever road he takes (ADR 0016).

Plain triggers, as those of 0003: an invented session, vote, outcome, effect or decision is refused where it is
written, so that nothing invented can carry a change. A party to any project that an arbitration concerns, and who
asked for it, is a party to its item.
"""

from django.db import migrations

PARTIES = """
CREATE FUNCTION cadran_is_party(p_person bigint, p_item bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
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

CREATE FUNCTION cadran_say_no(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', what USING ERRCODE = 'check_violation';
END $$;
"""

SESSIONS = """
CREATE FUNCTION cadran_guard_sitting() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            PERFORM cadran_say_no('a session begins in preparation');
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state = NEW.state THEN
        IF OLD.state IN ('approved', 'closed') AND (OLD.approved_by_id, OLD.approved_at, OLD.body_id)
            IS DISTINCT FROM (NEW.approved_by_id, NEW.approved_at, NEW.body_id) THEN
            PERFORM cadran_say_no('signed minutes keep their signature');
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('draft', 'published'), ('published', 'draft'), ('published', 'in_progress'),
        ('in_progress', 'minutes_draft'), ('minutes_draft', 'in_progress'), ('minutes_draft', 'approved'),
        ('approved', 'closed'), ('draft', 'cancelled'), ('published', 'cancelled')) THEN
        PERFORM cadran_say_no(format('a session does not go from %s to %s', OLD.state, NEW.state));
    END IF;
    IF NEW.state = 'approved' THEN
        IF NOT EXISTS (
            SELECT 1 FROM governance_seat t JOIN people_person a ON a.id = t.person_id
            WHERE t.body_id = NEW.body_id AND a.user_id = NEW.approved_by_id AND t.role IN ('chair', 'deputy')
            AND (NEW.starts_at AT TIME ZONE 'Europe/Brussels')::date
                BETWEEN t.valid_from AND COALESCE(t.valid_to, 'infinity')
        ) THEN
            PERFORM cadran_say_no('minutes refused: only the chair or the deputy signs them');
        END IF;
        IF EXISTS (
            SELECT 1 FROM governance_agendaitem i JOIN people_person a ON a.user_id = NEW.approved_by_id
            WHERE i.sitting_id = NEW.id AND EXISTS (SELECT 1 FROM governance_outcome o WHERE o.item_id = i.id)
            AND (cadran_is_party(a.id, i.id)
                OR EXISTS (SELECT 1 FROM governance_recusal r WHERE r.item_id = i.id AND r.person_id = a.id))
        ) THEN
            PERFORM cadran_say_no('minutes refused: who signs is a party to an item');
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cadran_session_order BEFORE INSERT OR UPDATE OF state, approved_by_id, approved_at, body_id
    ON governance_sitting FOR EACH ROW EXECUTE FUNCTION cadran_guard_sitting();

CREATE FUNCTION cadran_guard_item() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    said_for integer;
    said_against integer;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.polling <> 'not_yet' THEN
            PERFORM cadran_say_no('a vote begins when it is opened');
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.polling, NEW.polling) NOT IN (('not_yet', 'not_yet'), ('not_yet', 'open'), ('open', 'open'),
        ('open', 'closed'), ('closed', 'closed'))
        OR (OLD.polling = 'closed' AND (OLD.verdict, OLD.tally) IS DISTINCT FROM (NEW.verdict, NEW.tally)) OR (OLD.polling <> 'not_yet' AND OLD.request_id IS DISTINCT FROM NEW.request_id) THEN
        PERFORM cadran_say_no('a counted vote stays as it was counted');
    END IF;
    IF NEW.polling <> OLD.polling AND NOT EXISTS (
        SELECT 1 FROM governance_sitting s WHERE s.id = NEW.sitting_id AND s.state = 'in_progress'
    ) THEN
        PERFORM cadran_say_no('one votes while the session is held');
    END IF;
    IF NEW.polling <> OLD.polling AND NEW.verdict = 'adopted' THEN
        SELECT count(*) FILTER (WHERE v.choice = 'for'), count(*) FILTER (WHERE v.choice = 'against')
        INTO said_for, said_against FROM governance_vote v WHERE v.item_id = NEW.id;
        IF said_for = 0 OR said_against > said_for THEN
            PERFORM cadran_say_no('nothing is adopted without the votes for it');
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cadran_vote_order BEFORE INSERT OR UPDATE OF polling, verdict, tally, request_id, sitting_id
    ON governance_agendaitem FOR EACH ROW EXECUTE FUNCTION cadran_guard_item();

CREATE FUNCTION cadran_guard_vote() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    caster bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.item_id, OLD.person_id, OLD.choice, OLD.paper_id, OLD.cast_by_id)
            IS DISTINCT FROM (NEW.item_id, NEW.person_id, NEW.choice, NEW.paper_id, NEW.cast_by_id) THEN
            PERFORM cadran_say_no('vote refused: a vote is never changed');
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM governance_agendaitem i WHERE i.id = OLD.item_id AND i.polling = 'closed') THEN
            PERFORM cadran_say_no('vote refused: a counted vote is never deleted');
        END IF;
        RETURN OLD;
    END IF;
    SELECT a.id INTO caster FROM people_person a WHERE a.user_id = NEW.cast_by_id;
    IF cadran_is_party(NEW.person_id, NEW.item_id) THEN
        PERFORM cadran_say_no('vote refused: this member is a party to the dossier');
    END IF;
    IF cadran_is_party(caster, NEW.item_id) THEN
        PERFORM cadran_say_no('vote refused: who enters it is a party to the dossier');
    END IF;
    IF EXISTS (
        SELECT 1 FROM governance_attendance t JOIN governance_agendaitem i ON i.sitting_id = t.sitting_id
        WHERE i.id = NEW.item_id AND t.proxy_to_id = NEW.person_id AND (cadran_is_party(t.person_id, i.id)
            OR EXISTS (SELECT 1 FROM governance_recusal r WHERE r.item_id = i.id AND r.person_id = t.person_id))
    ) THEN
        PERFORM cadran_say_no('vote refused: this member holds the voice of a party to the dossier');
    END IF;
    IF NEW.paper_id IS DISTINCT FROM (
        SELECT p.id FROM governance_paper p WHERE p.item_id = NEW.item_id ORDER BY p.number DESC LIMIT 1
    ) THEN
        PERFORM cadran_say_no('vote refused: one votes on the papers in force');
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM governance_seat t
        JOIN governance_agendaitem i ON i.id = NEW.item_id JOIN governance_sitting s ON s.id = i.sitting_id
        WHERE t.body_id = s.body_id AND t.person_id = NEW.person_id AND t.votes
        AND (s.starts_at AT TIME ZONE 'Europe/Brussels')::date
            BETWEEN t.valid_from AND COALESCE(t.valid_to, 'infinity')
    ) THEN
        PERFORM cadran_say_no('vote refused: this person has no voice in the body that day');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cadran_nobody_on_his_own BEFORE INSERT OR UPDATE OR DELETE ON governance_vote
    FOR EACH ROW EXECUTE FUNCTION cadran_guard_vote();

CREATE FUNCTION cadran_void_votes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM governance_agendaitem i JOIN governance_sitting s ON s.id = i.sitting_id
        WHERE i.request_id = NEW.id AND i.polling = 'closed' AND s.state IN ('in_progress', 'minutes_draft', 'approved')
    ) THEN
        PERFORM cadran_say_no('this request has been voted on: it no longer changes');
    END IF;
    DELETE FROM governance_vote v USING governance_agendaitem i
        WHERE i.id = v.item_id AND i.request_id = NEW.id AND i.polling = 'open';
    RETURN NULL;
END $$;
CREATE TRIGGER cadran_edit_voids_votes AFTER UPDATE ON governance_decisionrequest FOR EACH ROW WHEN (
    (OLD.project_id, OLD.kind, OLD.level, OLD.question, OLD.amount, OLD.options, OLD.recommendation,
        OLD.cost_of_waiting, OLD.needed_on)
    IS DISTINCT FROM (NEW.project_id, NEW.kind, NEW.level, NEW.question, NEW.amount, NEW.options, NEW.recommendation,
        NEW.cost_of_waiting, NEW.needed_on)
) EXECUTE FUNCTION cadran_void_votes();
"""

DECISIONS = """
CREATE FUNCTION cadran_minutes_are_open(p_item bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM governance_agendaitem i JOIN governance_sitting s ON s.id = i.sitting_id
        WHERE i.id = p_item AND s.state IN ('in_progress', 'minutes_draft')
    )
$$;

CREATE FUNCTION cadran_guard_outcome() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.item_id, OLD.kind, OLD.parent_id, OLD.publication, OLD.supersedes_id)
            IS NOT DISTINCT FROM (NEW.item_id, NEW.kind, NEW.parent_id, NEW.publication, NEW.supersedes_id)
            AND EXISTS (
                SELECT 1 FROM governance_agendaitem i JOIN governance_sitting s ON s.id = i.sitting_id
                WHERE i.id = OLD.item_id AND s.state = 'closed'
            ) THEN
            RETURN NEW;
        END IF;
    END IF;
    IF NOT cadran_minutes_are_open(COALESCE(NEW.item_id, OLD.item_id)) THEN
        PERFORM cadran_say_no('minutes refused: they are written while the session is held or before they are approved');
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER cadran_minutes_in_their_time BEFORE INSERT OR UPDATE OR DELETE ON governance_outcome
    FOR EACH ROW EXECUTE FUNCTION cadran_guard_outcome();

CREATE FUNCTION cadran_guard_effect() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.decision_id IS NOT NULL THEN
        PERFORM cadran_say_no('effect refused: what was carried out is never changed');
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.decision_id IS NOT NULL THEN
        IF to_jsonb(NEW) - 'decision_id' - 'before' - 'after' <> to_jsonb(OLD) - 'decision_id' - 'before' - 'after'
            OR NOT EXISTS (
                SELECT 1 FROM governance_decision d
                JOIN governance_outcome o ON o.id = NEW.outcome_id AND o.item_id = d.item_id
                WHERE d.id = NEW.decision_id AND d.verdict = 'adopted'
                AND d.number = current_setting('cadran.decision_id', true)
            ) THEN
            PERFORM cadran_say_no('effect refused: it is carried out by the decision it was written for');
        END IF;
        RETURN NEW;
    END IF;
    IF NOT cadran_minutes_are_open((SELECT o.item_id FROM governance_outcome o
            WHERE o.id = COALESCE(NEW.outcome_id, OLD.outcome_id)))
        OR (TG_OP <> 'DELETE' AND NEW.decision_id IS NOT NULL) THEN
        PERFORM cadran_say_no('effect refused: it is written with the minutes, before they are approved');
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER cadran_effects_in_their_time BEFORE INSERT OR UPDATE OR DELETE ON governance_effect
    FOR EACH ROW EXECUTE FUNCTION cadran_guard_effect();

CREATE FUNCTION cadran_guard_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM cadran_say_no('a decision is never deleted: another one supersedes it');
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state' THEN
            PERFORM cadran_say_no('a decision is never edited: another one supersedes it');
        END IF;
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM governance_agendaitem i
        JOIN governance_sitting s ON s.id = i.sitting_id
        LEFT JOIN governance_decisionrequest q ON q.id = i.request_id
        WHERE i.id = NEW.item_id AND s.body_id = NEW.body_id AND s.state IN ('approved', 'closed')
        AND s.approved_by_id IS NOT NULL AND i.polling = 'closed' AND i.verdict = NEW.verdict
        AND NEW.verdict IN ('adopted', 'rejected')
        AND NEW.request_id IS NOT DISTINCT FROM i.request_id AND NEW.project_id IS NOT DISTINCT FROM q.project_id
        AND EXISTS (
            SELECT 1 FROM governance_outcome o WHERE o.item_id = i.id AND o.kind = 'decision' AND o.text = NEW.text
        )
        AND (SELECT count(*) FROM governance_outcome o WHERE o.item_id = i.id AND o.kind = 'decision' AND o.text = NEW.text)
            > (SELECT count(*) FROM governance_decision d WHERE d.item_id = i.id AND d.text = NEW.text)
    ) THEN
        PERFORM cadran_say_no('decision refused: it is born from the approved minutes of the session that voted it');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cadran_born_of_minutes BEFORE INSERT OR UPDATE OR DELETE ON governance_decision
    FOR EACH ROW EXECUTE FUNCTION cadran_guard_decision();

CREATE FUNCTION cadran_guard_recusal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF (TG_OP = 'UPDATE' AND (OLD.item_id, OLD.person_id) = (NEW.item_id, NEW.person_id)) OR EXISTS (
        SELECT 1 FROM governance_agendaitem i JOIN governance_sitting s ON s.id = i.sitting_id
        WHERE i.id = OLD.item_id AND s.state = 'draft'
    ) THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    PERFORM cadran_say_no('a recusal is never lifted');
    RETURN NULL;
END $$;
CREATE TRIGGER cadran_never_lifted BEFORE UPDATE OR DELETE ON governance_recusal
    FOR EACH ROW EXECUTE FUNCTION cadran_guard_recusal();
"""

UNDO = """
DROP TRIGGER cadran_never_lifted ON governance_recusal;
DROP TRIGGER cadran_born_of_minutes ON governance_decision;
DROP TRIGGER cadran_effects_in_their_time ON governance_effect;
DROP TRIGGER cadran_minutes_in_their_time ON governance_outcome;
DROP TRIGGER cadran_edit_voids_votes ON governance_decisionrequest;
DROP TRIGGER cadran_nobody_on_his_own ON governance_vote;
DROP TRIGGER cadran_vote_order ON governance_agendaitem;
DROP TRIGGER cadran_session_order ON governance_sitting;
DROP FUNCTION cadran_guard_recusal(), cadran_guard_decision(), cadran_guard_effect(), cadran_guard_outcome(),
    cadran_minutes_are_open(bigint), cadran_void_votes(), cadran_guard_vote(), cadran_guard_item(),
    cadran_guard_sitting(), cadran_say_no(text), cadran_is_party(bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_only_a_decision")]

    operations = [migrations.RunSQL(PARTIES + SESSIONS + DECISIONS, UNDO)]
