"""What was approved changes by a decision only, whoever asks and by whatever road (ADR 0016).

Plain triggers, since pgtrigger's own can be switched off by a session variable. They look the decision up: a number
that is not in the register, or whose effect says something else or has been carried out, opens nothing. A project
inserted in the same transaction is still being written down. `search_path` puts temporary tables last, so that none
stands in for the register.
"""

from django.db import migrations

BIRTHS = """
CREATE TABLE governance_project_birth (
    project_id bigint PRIMARY KEY,
    born_in xid8 NOT NULL,
    born_at timestamptz NOT NULL
);

CREATE FUNCTION cadran_note_birth() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO governance_project_birth VALUES (NEW.id, pg_current_xact_id(), transaction_timestamp())
        ON CONFLICT (project_id) DO UPDATE SET born_in = EXCLUDED.born_in, born_at = EXCLUDED.born_at;
    RETURN NULL;
END $$;
CREATE TRIGGER cadran_birth AFTER INSERT ON portfolio_project FOR EACH ROW EXECUTE FUNCTION cadran_note_birth();

CREATE FUNCTION cadran_only_by_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'births of projects are noted by the database alone' USING ERRCODE = 'check_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER cadran_births_are_kept BEFORE INSERT OR UPDATE OR DELETE ON governance_project_birth
    FOR EACH ROW EXECUTE FUNCTION cadran_only_by_trigger();

CREATE FUNCTION cadran_newborn(project bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM governance_project_birth
        WHERE project_id = project AND born_in = pg_current_xact_id() AND born_at = transaction_timestamp()
    )
$$;
"""

REGISTER = """
CREATE FUNCTION cadran_authorised(life_cycle text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT life_cycle IN
        ('stage', 'exception', 'closing', 'closed', 'benefits_tracking', 'archived', 'on_hold', 'cancelled')
$$;

CREATE FUNCTION cadran_was_authorised(project bigint, life_cycle text) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT cadran_authorised(life_cycle) OR EXISTS (
        SELECT 1 FROM portfolio_projectevent v WHERE v.pgh_obj_id = project AND cadran_authorised(v.life_cycle)
    )
$$;

CREATE FUNCTION cadran_pending(wanted text) RETURNS SETOF governance_effect LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT e.* FROM governance_decision d
    JOIN governance_outcome o ON o.item_id = d.item_id AND o.kind = 'decision' AND o.text = d.text
    JOIN governance_effect e ON e.outcome_id = o.id AND e.decision_id IS NULL AND e.kind = wanted
    WHERE d.number = current_setting('cadran.decision_id', true) AND d.verdict = 'adopted' AND d.state = 'in_force'
$$;

CREATE FUNCTION cadran_pending_for(project bigint, wanted text) RETURNS SETOF governance_effect LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.* FROM cadran_pending(wanted) e
    JOIN governance_decision d ON d.number = current_setting('cadran.decision_id', true)
    WHERE COALESCE(e.project_id, d.project_id) = project
$$;

CREATE FUNCTION cadran_refuse(what text, project bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of % changes by a decision only', what,
        COALESCE((SELECT code FROM portfolio_project WHERE id = project), project::text)
        USING ERRCODE = 'check_violation', HINT = 'No decision in force carries this change.';
END $$;
"""

PROJECT = """
CREATE FUNCTION cadran_move_is_free(source text, target text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT (NOT cadran_authorised(source) AND (NOT cadran_authorised(target) OR target IN ('on_hold', 'cancelled')))
        OR (source, target) IN (('stage', 'exception'), ('closing', 'closed'), ('closed', 'benefits_tracking'),
            ('closed', 'archived'), ('benefits_tracking', 'archived'), ('cancelled', 'archived'))
$$;

CREATE FUNCTION cadran_move_is_decided(p_project bigint, p_source text, p_target text) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM cadran_pending_for(p_project, 'phase') e WHERE e.phase = p_target)
        OR (p_target <> 'on_hold' AND EXISTS (SELECT 1 FROM cadran_pending_for(p_project, 'gate')))
        OR (p_source = 'exception' AND EXISTS (SELECT 1 FROM cadran_pending_for(p_project, 'exception')))
$$;

CREATE FUNCTION cadran_guard_project() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    imported boolean := OLD.source <> '';
BEGIN
    IF cadran_newborn(OLD.id) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF cadran_authorised(OLD.life_cycle) THEN
            RAISE EXCEPTION '% was authorised: it is never deleted', OLD.code USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END IF;
    IF NEW.id <> OLD.id THEN
        RAISE EXCEPTION 'the key of a project never changes' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.life_cycle <> OLD.life_cycle AND NOT cadran_move_is_free(OLD.life_cycle, NEW.life_cycle)
        AND NOT cadran_move_is_decided(OLD.id, OLD.life_cycle, NEW.life_cycle) THEN
        PERFORM cadran_refuse('life cycle', OLD.id);
    END IF;
    IF OLD.first_approved_end IS NOT NULL AND NEW.first_approved_end IS DISTINCT FROM OLD.first_approved_end
        AND cadran_was_authorised(OLD.id, OLD.life_cycle) THEN
        PERFORM cadran_refuse('first approved end', OLD.id);
    END IF;
    IF OLD.first_approved_cost IS NOT NULL AND NEW.first_approved_cost IS DISTINCT FROM OLD.first_approved_cost
        AND cadran_was_authorised(OLD.id, OLD.life_cycle) THEN
        PERFORM cadran_refuse('first approved cost', OLD.id);
    END IF;
    IF NOT cadran_authorised(OLD.life_cycle) THEN
        RETURN NULL;
    END IF;
    IF NEW.source <> OLD.source THEN
        RAISE EXCEPTION 'the source of % never changes', OLD.code USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.manager_id IS DISTINCT FROM OLD.manager_id AND NOT (imported AND OLD.manager_id IS NULL) AND NOT EXISTS (
        SELECT 1 FROM cadran_pending_for(OLD.id, 'manager') e WHERE e.person_id = NEW.manager_id
    ) THEN
        PERFORM cadran_refuse('project manager', OLD.id);
    END IF;
    IF NEW.planned_end IS DISTINCT FROM OLD.planned_end AND NOT (imported AND OLD.planned_end IS NULL) AND NOT EXISTS (
        SELECT 1 FROM cadran_pending_for(OLD.id, 'baseline') e WHERE e.day = NEW.planned_end
    ) THEN
        PERFORM cadran_refuse('baseline end', OLD.id);
    END IF;
    IF OLD.first_approved_end IS NULL AND NEW.first_approved_end IS NOT NULL AND NOT imported AND NOT EXISTS (
        SELECT 1 FROM cadran_pending_for(OLD.id, 'baseline') e WHERE e.day = NEW.first_approved_end
    ) THEN
        PERFORM cadran_refuse('first approved end', OLD.id);
    END IF;
    IF OLD.first_approved_cost IS NULL AND NEW.first_approved_cost IS NOT NULL AND NOT imported THEN
        PERFORM cadran_refuse('first approved cost', OLD.id);
    END IF;
    IF NEW.priority_rank IS DISTINCT FROM OLD.priority_rank AND NOT (imported AND OLD.priority_rank IS NULL)
        AND NOT EXISTS (SELECT 1 FROM cadran_pending_for(OLD.id, 'rank') e WHERE e.rank = NEW.priority_rank)
        AND NOT EXISTS (
            SELECT 1 FROM cadran_pending('rank') e
            WHERE NEW.priority_rank = OLD.priority_rank + 1 AND e.rank <= OLD.priority_rank
        ) THEN
        PERFORM cadran_refuse('priority rank', OLD.id);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER cadran_only_a_decision AFTER UPDATE ON portfolio_project FOR EACH ROW WHEN (
    (OLD.id, OLD.life_cycle, OLD.source, OLD.manager_id, OLD.planned_end, OLD.first_approved_end,
        OLD.first_approved_cost, OLD.priority_rank)
    IS DISTINCT FROM (NEW.id, NEW.life_cycle, NEW.source, NEW.manager_id, NEW.planned_end, NEW.first_approved_end,
        NEW.first_approved_cost, NEW.priority_rank)
) EXECUTE FUNCTION cadran_guard_project();
CREATE TRIGGER cadran_never_deleted AFTER DELETE ON portfolio_project
    FOR EACH ROW EXECUTE FUNCTION cadran_guard_project();
"""

MONEY = """
CREATE FUNCTION cadran_guarded(project bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM portfolio_project p WHERE p.id = project AND cadran_authorised(p.life_cycle))
        AND NOT cadran_newborn(project)
$$;

CREATE FUNCTION cadran_imported(project bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM portfolio_project p WHERE p.id = project AND p.source <> '')
$$;

CREATE FUNCTION cadran_budget_is_decided(p_project bigint, p_year integer, p_nature text, p_before numeric, p_after numeric)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM cadran_pending_for(p_project, 'budget') e
        WHERE e.year = p_year AND e.nature = p_nature AND e.amount = p_after
    ) OR EXISTS (
        SELECT 1 FROM cadran_pending_for(p_project, 'transfer') e
        WHERE e.year = p_year AND e.nature = p_nature AND p_after = p_before - e.amount
    ) OR EXISTS (
        SELECT 1 FROM cadran_pending('transfer') e
        WHERE e.other_project_id = p_project AND e.year = p_year AND e.nature = p_nature AND p_after = p_before + e.amount
    )
$$;

CREATE FUNCTION cadran_guard_budget() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.approved <> 0 AND cadran_guarded(NEW.project_id)
            AND NOT (cadran_imported(NEW.project_id) AND NOT EXISTS (
                SELECT 1 FROM portfolio_budgetline l WHERE l.project_id = NEW.project_id AND l.id <> NEW.id
            ))
            AND NOT cadran_budget_is_decided(NEW.project_id, NEW.year, NEW.nature, 0, NEW.approved) THEN
            PERFORM cadran_refuse('approved budget', NEW.project_id);
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        IF OLD.approved <> 0 AND cadran_guarded(OLD.project_id) THEN
            PERFORM cadran_refuse('approved budget', OLD.project_id);
        END IF;
    ELSIF (NEW.project_id, NEW.year, NEW.nature) <> (OLD.project_id, OLD.year, OLD.nature) THEN
        IF cadran_guarded(OLD.project_id) OR cadran_guarded(NEW.project_id) THEN
            PERFORM cadran_refuse('approved budget', OLD.project_id);
        END IF;
    ELSIF cadran_guarded(NEW.project_id)
        AND NOT cadran_budget_is_decided(NEW.project_id, NEW.year, NEW.nature, OLD.approved, NEW.approved) THEN
        PERFORM cadran_refuse('approved budget', NEW.project_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cadran_only_a_decision AFTER INSERT OR DELETE ON portfolio_budgetline
    FOR EACH ROW EXECUTE FUNCTION cadran_guard_budget();
CREATE TRIGGER cadran_only_a_decision_changes AFTER UPDATE ON portfolio_budgetline FOR EACH ROW WHEN (
    (OLD.project_id, OLD.year, OLD.nature, OLD.approved)
    IS DISTINCT FROM (NEW.project_id, NEW.year, NEW.nature, NEW.approved)
) EXECUTE FUNCTION cadran_guard_budget();

CREATE FUNCTION cadran_guard_tolerance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    held boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN
        held := cadran_guarded(OLD.project_id);
    ELSIF TG_OP = 'INSERT' THEN
        held := cadran_guarded(NEW.project_id) AND NOT cadran_imported(NEW.project_id);
    ELSE
        held := cadran_guarded(OLD.project_id) OR cadran_guarded(NEW.project_id);
    END IF;
    IF NOT held THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' OR (
        TG_OP = 'UPDATE' AND (NEW.project_id, NEW.target, NEW.unit) <> (OLD.project_id, OLD.target, OLD.unit)
    ) THEN
        PERFORM cadran_refuse('tolerance', OLD.project_id);
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM cadran_pending_for(NEW.project_id, 'tolerance') e
        WHERE e.target = NEW.target AND e.minus IS NOT DISTINCT FROM NEW.minus AND e.plus IS NOT DISTINCT FROM NEW.plus
    ) THEN
        PERFORM cadran_refuse('tolerance', NEW.project_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cadran_only_a_decision AFTER INSERT OR DELETE ON portfolio_tolerance
    FOR EACH ROW EXECUTE FUNCTION cadran_guard_tolerance();
CREATE TRIGGER cadran_only_a_decision_changes AFTER UPDATE ON portfolio_tolerance FOR EACH ROW WHEN (
    (OLD.project_id, OLD.target, OLD.minus, OLD.plus, OLD.unit)
    IS DISTINCT FROM (NEW.project_id, NEW.target, NEW.minus, NEW.plus, NEW.unit)
) EXECUTE FUNCTION cadran_guard_tolerance();
"""

# The bounds of a stage are the board’s: set once, then changed by a decision only.
STAGES = """
CREATE TRIGGER cadran_only_a_decision AFTER DELETE ON portfolio_parttolerance
    FOR EACH ROW WHEN (OLD.stage_id IS NOT NULL) EXECUTE FUNCTION cadran_guard_tolerance();
CREATE TRIGGER cadran_only_a_decision_changes AFTER UPDATE ON portfolio_parttolerance FOR EACH ROW WHEN (
    OLD.stage_id IS NOT NULL
    AND (OLD.project_id, OLD.stage_id, OLD.target, OLD.minus, OLD.plus, OLD.unit)
        IS DISTINCT FROM (NEW.project_id, NEW.stage_id, NEW.target, NEW.minus, NEW.plus, NEW.unit)
) EXECUTE FUNCTION cadran_guard_tolerance();
"""

# What was first approved of a milestone stays; its baseline moves with the project’s, and no milestone vanishes.
MILESTONES = """
CREATE FUNCTION cadran_guard_milestone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT cadran_guarded(OLD.project_id) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' OR NOT EXISTS (SELECT 1 FROM cadran_pending_for(OLD.project_id, 'baseline')) THEN
        PERFORM cadran_refuse('baseline of a milestone', OLD.project_id);
    END IF;
    IF (NEW.project_id, NEW.first_approved) <> (OLD.project_id, OLD.first_approved) THEN
        PERFORM cadran_refuse('first approved date of a milestone', OLD.project_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cadran_only_a_decision AFTER DELETE ON portfolio_milestone
    FOR EACH ROW EXECUTE FUNCTION cadran_guard_milestone();
CREATE TRIGGER cadran_only_a_decision_changes AFTER UPDATE ON portfolio_milestone FOR EACH ROW WHEN (
    (OLD.project_id, OLD.baseline, OLD.first_approved) IS DISTINCT FROM (NEW.project_id, NEW.baseline, NEW.first_approved)
) EXECUTE FUNCTION cadran_guard_milestone();

CREATE FUNCTION cadran_guard_plan_baseline() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF cadran_guarded(NEW.project_id) AND NOT EXISTS (SELECT 1 FROM cadran_pending_for(NEW.project_id, 'baseline')) THEN
        PERFORM cadran_refuse('baseline of a plan', NEW.project_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cadran_only_a_decision AFTER INSERT ON portfolio_planbaseline
    FOR EACH ROW WHEN (NEW.state = 'in_force') EXECUTE FUNCTION cadran_guard_plan_baseline();
CREATE TRIGGER cadran_only_a_decision_changes AFTER UPDATE ON portfolio_planbaseline
    FOR EACH ROW WHEN (NEW.state = 'in_force' AND OLD.state <> 'in_force') EXECUTE FUNCTION cadran_guard_plan_baseline();
"""

UNDO = """
DROP TRIGGER cadran_only_a_decision_changes ON portfolio_planbaseline;
DROP TRIGGER cadran_only_a_decision ON portfolio_planbaseline;
DROP TRIGGER cadran_only_a_decision_changes ON portfolio_milestone;
DROP TRIGGER cadran_only_a_decision ON portfolio_milestone;
DROP FUNCTION cadran_guard_plan_baseline(), cadran_guard_milestone();
DROP TRIGGER cadran_only_a_decision_changes ON portfolio_parttolerance;
DROP TRIGGER cadran_only_a_decision ON portfolio_parttolerance;
DROP TRIGGER cadran_only_a_decision_changes ON portfolio_tolerance;
DROP TRIGGER cadran_only_a_decision ON portfolio_tolerance;
DROP TRIGGER cadran_only_a_decision_changes ON portfolio_budgetline;
DROP TRIGGER cadran_only_a_decision ON portfolio_budgetline;
DROP TRIGGER cadran_never_deleted ON portfolio_project;
DROP TRIGGER cadran_only_a_decision ON portfolio_project;
DROP TRIGGER cadran_birth ON portfolio_project;
DROP TABLE governance_project_birth;
DROP FUNCTION cadran_guard_tolerance(), cadran_guard_budget(), cadran_guard_project(), cadran_note_birth(),
    cadran_only_by_trigger(), cadran_budget_is_decided(bigint, integer, text, numeric, numeric),
    cadran_imported(bigint), cadran_guarded(bigint), cadran_move_is_decided(bigint, text, text),
    cadran_move_is_free(text, text), cadran_refuse(text, bigint), cadran_pending_for(bigint, text),
    cadran_pending(text), cadran_was_authorised(bigint, text), cadran_authorised(text), cadran_newborn(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0002_reaction_times")]

    operations = [migrations.RunSQL(BIRTHS + REGISTER + PROJECT + MONEY + STAGES + MILESTONES, UNDO)]
