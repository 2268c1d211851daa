import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from config import triggers


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        ('people', '__first__'),
        ('portfolio', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.PositiveSmallIntegerField(default=1)),
                ('schema_version', models.PositiveSmallIntegerField()),
                ('as_of', models.DateTimeField()),
                ('frozen_at', models.DateTimeField()),
                ('frozen_by_label', models.CharField(max_length=160)),
                ('data', models.JSONField()),
                ('data_hash', models.CharField(max_length=64)),
                ('audit_number', models.BigIntegerField()),
                ('audit_hash', models.CharField(max_length=64)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to='portfolio.reportingcycle')),
            ],
            options={
                'ordering': ('cycle', 'edition'),
                'constraints': [models.UniqueConstraint(fields=('cycle', 'edition'), name='snapshot_once_per_edition'), models.CheckConstraint(condition=models.Q(('edition__gte', 1)), name='snapshot_edition_positive')],
            },
        ),
        migrations.CreateModel(
            name='Pack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('kind', models.CharField(choices=[('codir', 'Pack CODIR')], default='codir', max_length=12)),
                ('edition', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('draft', 'Brouillon'), ('frozen', 'Gelé'), ('rendered', 'Prêt à approuver'), ('approved', 'Approuvé'), ('published', 'Publié'), ('distributed', 'Distribué')], default='draft', max_length=12)),
                ('director_message', models.TextField(blank=True, default='', max_length=600, verbose_name='message du directeur')),
                ('decision_order', models.JSONField(blank=True, default=list)),
                ('hidden_pages', models.JSONField(blank=True, default=list)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('distributed_at', models.DateTimeField(blank=True, null=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('approved_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('built_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='portfolio.reportingcycle')),
                ('snapshot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='reporting.snapshot')),
            ],
            options={
                'ordering': ('cycle', 'edition'),
                'constraints': [models.UniqueConstraint(fields=('kind', 'cycle', 'edition'), name='pack_unique'), models.CheckConstraint(condition=models.Q(models.Q(('snapshot__isnull', True), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('snapshot__isnull', False)), _connector='OR'), name='pack_frozen_has_snapshot', violation_error_message='Un pack gelé porte son instantané.'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True), ('state__in', ['draft', 'frozen', 'rendered'])), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('state__in', ['approved', 'published', 'distributed'])), _connector='OR'), name='pack_approved_says_who', violation_error_message='Un pack approuvé dit par qui et quand.'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('built_by__isnull', True), models.Q(('approved_by', models.F('built_by')), _negated=True), _connector='OR'), name='pack_approved_by_another', violation_error_message='Qui a construit le pack ne l’approuve pas.'), models.CheckConstraint(condition=models.Q(('approved_for__isnull', True), ('built_by__isnull', True), models.Q(('approved_for', models.F('built_by')), _negated=True), _connector='OR'), name='pack_approved_for_another', violation_error_message='Qui a construit le pack ne l’approuve pas, même par son suppléant.'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', False), ('state__in', ['published', 'distributed'])), models.Q(models.Q(('state__in', ['published', 'distributed']), _negated=True), ('published_at__isnull', True)), _connector='OR'), name='pack_published_says_when', violation_error_message='Un pack publié dit quand.'), models.CheckConstraint(condition=models.Q(models.Q(('distributed_at__isnull', False), ('state', 'distributed')), models.Q(models.Q(('state', 'distributed'), _negated=True), ('distributed_at__isnull', True)), _connector='OR'), name='pack_distributed_says_when', violation_error_message='Un pack distribué dit quand.')],
            },
        ),
        migrations.CreateModel(
            name='PackRendition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('fr', 'français'), ('nl', 'néerlandais'), ('en', 'anglais')], max_length=2)),
                ('path', models.CharField(max_length=200)),
                ('pdf_sha256', models.CharField(max_length=64)),
                ('pages', models.PositiveSmallIntegerField()),
                ('size', models.PositiveIntegerField()),
                ('rendered_at', models.DateTimeField()),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renditions', to='reporting.pack')),
            ],
            options={
                'ordering': ('pack', 'language'),
                'constraints': [models.UniqueConstraint(fields=('pack', 'language'), name='rendition_unique')],
            },
        ),
        migrations.CreateModel(
            name='PackDownload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('session', 'Application'), ('link', 'Lien personnel')], max_length=8)),
                ('at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rendition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='downloads', to='reporting.packrendition')),
            ],
            options={
                'ordering': ('-at', '-pk'),
                'indexes': [models.Index(fields=['rendition', '-at'], name='download_of_rendition')],
            },
        ),
        migrations.CreateModel(
            name='FragmentProof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_hash', models.CharField(max_length=64, unique=True)),
                ('state', models.CharField(choices=[('proved', 'Rendu vérifié'), ('failed', 'Non rendu')], max_length=8)),
                ('field', models.CharField(blank=True, max_length=300, verbose_name='champ')),
                ('cause', models.CharField(blank=True, max_length=300, verbose_name='cause')),
                ('seconds', models.FloatField(default=0)),
                ('peak_kb', models.PositiveIntegerField(default=0)),
                ('checked_at', models.DateTimeField()),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='portfolio.project')),
            ],
            options={
                'verbose_name': 'preuve de rendu',
                'ordering': ('-checked_at', '-pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('cause', ''), _negated=True), _connector='OR'), name='proof_failure_says_why', violation_error_message='Un rendu manqué dit pourquoi.')],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
                ('kind', models.CharField(choices=[('late_status', 'Statut remis après le gel'), ('correction', 'Correction')], default='correction', max_length=12)),
                ('text', models.CharField(max_length=600, verbose_name='correction')),
                ('declared', models.JSONField(blank=True, default=dict)),
                ('state', models.CharField(choices=[('proposed', 'À traiter'), ('accepted', 'Retenue'), ('refused', 'Écartée'), ('printed', 'Publiée')], default='proposed', max_length=8)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='portfolio.reportingcycle')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='portfolio.project')),
                ('pack', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='reporting.pack')),
            ],
            options={
                'verbose_name': 'correction',
                'ordering': ('cycle', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='correction_has_text', violation_error_message='La correction est vide.'), models.CheckConstraint(condition=models.Q(models.Q(('pack__isnull', False), ('state', 'printed')), models.Q(models.Q(('state', 'printed'), _negated=True), ('pack__isnull', True)), _connector='OR'), name='correction_printed_in_pack', violation_error_message='Une correction publiée dit dans quel pack.'), models.CheckConstraint(condition=models.Q(('state', 'proposed'), ('decided_by__isnull', False), _connector='OR'), name='correction_decided_by_somebody', violation_error_message='Une correction traitée dit par qui.')],
            },
        ),
        migrations.CreateModel(
            name='PackRecipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('fr', 'Français'), ('nl', 'Nederlands'), ('en', 'English')], default='fr', max_length=2)),
                ('channel', models.CharField(choices=[('link', 'Lien personnel'), ('attachment', 'Pièce jointe')], default='link', max_length=10)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField()),
                ('created_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('mail', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pack_recipient', to='people.mail')),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recipients', to='reporting.pack')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('pack', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('pack', 'user'), name='pack_recipient_once', violation_error_message='Cette personne reçoit déjà ce pack.'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='pack_recipient_link_expires')],
            },
        ),
        triggers.AddTrigger(
            model_name='packrendition',
            trigger=pgtrigger.compiler.Trigger(name='rendition_is_immutable', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3d30f0816e915b9b23a57ceb3356941406722889', operation='UPDATE OR DELETE', pgid='pgtrigger_rendition_is_immutable_7a447', table='reporting_packrendition', when='BEFORE')),
        ),
        triggers.AddTrigger(
            model_name='packdownload',
            trigger=pgtrigger.compiler.Trigger(name='download_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='755214ec9e7ca1321fba8afe6854178d2e993333', operation='UPDATE', pgid='pgtrigger_download_is_kept_46f77', table='reporting_packdownload', when='BEFORE')),
        ),
        triggers.AddTrigger(
            model_name='snapshot',
            trigger=pgtrigger.compiler.Trigger(name='snapshot_is_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='17d4c2861491e5c9fe4dd7cae9acd938fcee6cb8', operation='UPDATE OR DELETE', pgid='pgtrigger_snapshot_is_frozen_dc86c', table='reporting_snapshot', when='BEFORE')),
        ),
    ]
