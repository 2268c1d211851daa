"""The bounds of a stage are the board's: set once, then changed by a decision only (ADR 0016)."""

from django.db import migrations

GUARD = """
CREATE TRIGGER cadran_only_a_decision AFTER DELETE ON portfolio_parttolerance
    FOR EACH ROW WHEN (OLD.stage_id IS NOT NULL) EXECUTE FUNCTION cadran_guard_tolerance();
CREATE TRIGGER cadran_only_a_decision_changes AFTER UPDATE ON portfolio_parttolerance FOR EACH ROW WHEN (
    OLD.stage_id IS NOT NULL
    AND (OLD.project_id, OLD.stage_id, OLD.target, OLD.minus, OLD.plus, OLD.unit)
        IS DISTINCT FROM (NEW.project_id, NEW.stage_id, NEW.target, NEW.minus, NEW.plus, NEW.unit)
) EXECUTE FUNCTION cadran_guard_tolerance();
"""
UNDO = """
DROP TRIGGER cadran_only_a_decision_changes ON portfolio_parttolerance;
DROP TRIGGER cadran_only_a_decision ON portfolio_parttolerance;
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0015_parties_of_arbitrations"), ("portfolio", "0006_parts")]

    operations = [migrations.RunSQL(GUARD, UNDO)]
