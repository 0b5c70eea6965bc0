"""The books: accounts, journals, postings, and what guards them in the database itself."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from payments.migrations._ledger_sql import GUARDS, POST, UNDO


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('accounts', '0003_staff_permissions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.BigIntegerField()),
                ('amount', models.BigIntegerField()),
                ('balance_after', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'ledger_entry',
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name='AuditRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ran_at', models.DateTimeField(db_index=True)),
                ('green', models.BooleanField()),
                ('deep', models.BooleanField(default=False)),
                ('findings', models.JSONField(default=list)),
                ('totals', models.JSONField(default=list)),
                ('last_journal', models.BigIntegerField(default=0)),
                ('next_xid', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'ledger_audit_run',
                'verbose_name': 'check of the books',
                "verbose_name_plural": 'integrity of the books',
                'permissions': [('check_books', 'Can check the books now')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_journal', models.BigIntegerField()),
                ('last_journal', models.BigIntegerField(unique=True)),
                ('journals', models.PositiveIntegerField()),
                ('content_hash', models.CharField(max_length=64)),
                ('chain_hash', models.CharField(max_length=64)),
                ('sealed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'ledger_seal',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='Journal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200)),
                ('fingerprint', models.CharField(max_length=32)),
                ('kind', models.CharField(max_length=40)),
                ('ref', models.CharField(blank=True, max_length=120)),
                ('posted_at', models.DateTimeField()),
                ('actor', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('reverses', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='payments.journal')),
            ],
            options={
                'db_table': 'ledger_journal',
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('reverses__isnull', False)), fields=('reverses',), name='ledger_reversed_once'),
                    models.UniqueConstraint(fields=('key',), name='ledger_one_journal_per_fact'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Adjustment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('proposed', 'Waiting for a second person'), ('approved', 'Approved and posted'), ('rejected', 'Rejected')], default='proposed', max_length=10)),
                ('house', models.CharField(max_length=20)),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.BigIntegerField()),
                ('reason', models.CharField(max_length=200)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision', models.CharField(blank=True, max_length=200)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('journal', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.journal')),
            ],
            options={
                'db_table': 'ledger_adjustment',
                'permissions': [('propose_adjustment', 'Can propose to move money by hand'), ('decide_adjustment', 'Can decide what others proposed')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='ledger_four_eyes'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'approved'), _negated=True), ('journal__isnull', False), _connector='OR'), name='ledger_approved_is_posted'),
                    models.CheckConstraint(condition=models.Q(models.Q(('amount', 0), _negated=True), ('amount__gte', -1000000000000000), ('amount__lte', 1000000000000000)), name='ledger_adjustment_amount'),
                ],
            },
        ),
        migrations.CreateModel(
            name='LedgerAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=120)),
                ('pool', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=20)),
                ('currency', models.CharField(max_length=3)),
                ('floor_zero', models.BooleanField()),
                ('tracked', models.BooleanField()),
                ('balance', models.BigIntegerField(default=0)),
                ('seq', models.BigIntegerField(default=0)),
                ('status', models.CharField(choices=[('open', 'Open'), ('frozen_out', 'Nothing goes out'), ('frozen', 'Frozen'), ('closed', 'Closed')], default='open', max_length=10)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_accounts', to='accounts.account')),
            ],
            options={
                'db_table': 'ledger_account',
                'constraints': [
                    models.UniqueConstraint(fields=('code', 'currency'), name='ledger_one_account_per_code'),
                    models.UniqueConstraint(fields=('id', 'currency'), name='ledger_account_currency'),
                    models.CheckConstraint(condition=models.Q(('floor_zero', False), ('balance__gte', 0), _connector='OR'), name='ledger_no_overdraft'),
                ],
                'indexes': [
                    models.Index(fields=['pool', 'currency'], name='ledger_pool'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.BigIntegerField()),
                ('debit_seq', models.BigIntegerField()),
                ('debit_after', models.BigIntegerField(null=True)),
                ('credit_seq', models.BigIntegerField()),
                ('credit_after', models.BigIntegerField(null=True)),
                ('credit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='credits', to='payments.ledgeraccount')),
                ('debit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='debits', to='payments.ledgeraccount')),
                ('journal', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='payments.journal')),
            ],
            options={
                'db_table': 'ledger_posting',
                'constraints': [
                    models.UniqueConstraint(fields=('debit', 'debit_seq'), name='ledger_one_debit_per_seq'),
                    models.UniqueConstraint(fields=('credit', 'credit_seq'), name='ledger_one_credit_per_seq'),
                    models.CheckConstraint(condition=models.Q(('amount__gte', 1), ('amount__lte', 1000000000000000)), name='ledger_amount'),
                    models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='ledger_two_accounts'),
                ],
            },
        ),
        migrations.RunSQL(GUARDS + POST, UNDO),
    ]
