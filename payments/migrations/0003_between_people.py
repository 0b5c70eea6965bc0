"""Money between people: transfers, requests, split bills, red packets, and codes to pay by."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import functools
import superapp.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('accounts', '0003_staff_permissions'),
        ('chat', '0003_ended_title'),
        ('payments', '0002_gateway_and_wallet'),
    ]

    operations = [
        migrations.CreateModel(
            name='PayDevice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session_id', models.CharField(max_length=40, unique=True)),
                ('number', models.CharField(max_length=10, unique=True)),
                ('created_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pay_devices', to='accounts.account')),
            ],
        ),
        migrations.CreateModel(
            name='ReceiveCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=functools.partial(superapp.kernel.ids.new_id, *('rc',), **{}), max_length=40, unique=True)),
                ('token', models.CharField(max_length=60, unique=True)),
                ('amount', models.BigIntegerField(default=0)),
                ('currency', models.CharField(max_length=3)),
                ('note', models.CharField(blank=True, max_length=60)),
                ('is_live', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receive_codes', to='accounts.account')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('amount', 0), ('is_live', True)), fields=('account',), name='one_open_code_per_person'),
                    models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('amount__lte', 1000000000000000)), name='code_amount'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RedPacket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.CharField(max_length=64)),
                ('currency', models.CharField(max_length=3)),
                ('note', models.CharField(blank=True, max_length=60)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('shown_at', models.DateTimeField(blank=True, null=True)),
                ('source', models.CharField(blank=True, max_length=40)),
                ('method', models.CharField(blank=True, max_length=60)),
                ('counted', models.JSONField(blank=True, default=list)),
                ('public_id', models.CharField(default=functools.partial(superapp.kernel.ids.new_id, *('rp',), **{}), max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('single', 'For one person'), ('identical', 'The same for everybody'), ('lucky', 'By luck'), ('exclusive', 'For one member')], max_length=10)),
                ('amount', models.BigIntegerField()),
                ('count', models.PositiveSmallIntegerField()),
                ("shares", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('salt', models.CharField(max_length=60)),
                ('commitment', models.CharField(max_length=64)),
                ('claimed', models.PositiveSmallIntegerField(default=0)),
                ('taken', models.BigIntegerField(default=0)),
                ('refunded', models.BigIntegerField(default=0)),
                ('status', models.CharField(choices=[('paying', 'Being paid'), ('open', 'Waiting to be opened'), ('exhausted', 'All opened'), ('refunded', 'Expired'), ('failed', 'Not paid')], default='paying', max_length=10)),
                ('paid_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('conversation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chat.conversation')),
                ('receiver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='packets_for', to='accounts.account')),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packets_sent', to='accounts.account')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('sender', 'client_id'), name='packet_once'),
                    models.CheckConstraint(condition=models.Q(('amount__gte', models.F('count')), ('amount__lte', 1000000000000000), ('count__gte', 1)), name='packet_amount'),
                    models.CheckConstraint(condition=models.Q(('claimed__lte', models.F('count'))), name='packet_claims_within_count'),
                    models.CheckConstraint(condition=models.Q(('amount__gte', django.db.models.expressions.CombinedExpression(models.F('taken'), '+', models.F('refunded'))), ('refunded__gte', 0), ('taken__gte', 0)), name='packet_pays_what_was_put_in'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'exhausted'), _negated=True), models.Q(('claimed', models.F('count')), ('taken', models.F('amount'))), _connector='OR'), name='packet_exhausted_is_empty'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'refunded'), _negated=True), ('amount', django.db.models.expressions.CombinedExpression(models.F('taken'), '+', models.F('refunded'))), _connector='OR'), name='packet_refunded_is_empty'),
                ],
                'indexes': [
                    models.Index(condition=models.Q(('status', 'open')), fields=['conversation'], name='packets_open_in'),
                    models.Index(fields=['sender', '-id'], name='packets_of'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PacketClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('amount', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('thanks', models.CharField(blank=True, max_length=60)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packet_claims', to='accounts.account')),
                ('packet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='payments.redpacket')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('packet', 'account'), name='one_claim_per_person'),
                    models.UniqueConstraint(fields=('packet', 'number'), name='one_claim_per_share'),
                    models.CheckConstraint(condition=models.Q(('amount__gte', 1), ('number__gte', 1)), name='claim_amount'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Split',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.CharField(max_length=64)),
                ('currency', models.CharField(max_length=3)),
                ('note', models.CharField(blank=True, max_length=60)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('shown_at', models.DateTimeField(blank=True, null=True)),
                ('public_id', models.CharField(default=functools.partial(superapp.kernel.ids.new_id, *('sp',), **{}), max_length=40, unique=True)),
                ('amount', models.BigIntegerField()),
                ('own_part', models.BigIntegerField(default=0)),
                ('people', models.PositiveSmallIntegerField()),
                ('paid', models.PositiveSmallIntegerField(default=0)),
                ('status', models.CharField(choices=[('open', 'Collecting'), ('settled', 'Everybody paid'), ('closed', 'Closed'), ('expired', 'Expired')], default='open', max_length=10)),
                ('reminded_at', models.DateTimeField(blank=True, null=True)),
                ('conversation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chat.conversation')),
                ('maker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='splits_made', to='accounts.account')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('maker', 'client_id'), name='split_once'),
                    models.CheckConstraint(condition=models.Q(('amount__gte', 1), ('amount__lte', 1000000000000000), ('own_part__gte', 0), ('own_part__lt', models.F('amount'))), name='split_amount'),
                    models.CheckConstraint(condition=models.Q(('paid__lte', models.F('people')), ('people__gte', 1)), name='split_people'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'settled'), _negated=True), ('paid', models.F('people')), _connector='OR'), name='split_settled_is_paid'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SplitShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(blank=True, max_length=40)),
                ('method', models.CharField(blank=True, max_length=60)),
                ('counted', models.JSONField(blank=True, default=list)),
                ('public_id', models.CharField(default=functools.partial(superapp.kernel.ids.new_id, *('ss',), **{}), max_length=40, unique=True)),
                ('amount', models.BigIntegerField()),
                ('status', models.CharField(choices=[('open', 'Not paid yet'), ('paying', 'Being paid'), ('paid', 'Paid'), ('closed', 'Closed')], default='open', max_length=10)),
                ('paid_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='split_shares', to='accounts.account')),
                ('split', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='payments.split')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('split', 'account'), name='one_share_per_person'),
                    models.CheckConstraint(condition=models.Q(('amount__gte', 1), ('amount__lte', 1000000000000000)), name='share_amount'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'paid'), _negated=True), ('paid_at__isnull', False), _connector='OR'), name='share_paid_when'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.CharField(max_length=64)),
                ('currency', models.CharField(max_length=3)),
                ('note', models.CharField(blank=True, max_length=60)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('shown_at', models.DateTimeField(blank=True, null=True)),
                ('source', models.CharField(blank=True, max_length=40)),
                ('method', models.CharField(blank=True, max_length=60)),
                ('counted', models.JSONField(blank=True, default=list)),
                ('public_id', models.CharField(default=functools.partial(superapp.kernel.ids.new_id, *('tr',), **{}), max_length=40, unique=True)),
                ('amount', models.BigIntegerField()),
                ('delay', models.PositiveIntegerField(default=0)),
                ('status', models.CharField(choices=[('paying', 'Being paid'), ('pending', 'Waiting to be accepted'), ('delayed', 'Accepted, on its way'), ('accepted', 'Accepted'), ('returned', 'Returned'), ('expired', 'Expired and returned'), ('failed', 'Not paid')], default='paying', max_length=10)),
                ('paid_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('arrives_at', models.DateTimeField(blank=True, null=True)),
                ('code', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='payments.receivecode')),
                ('conversation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chat.conversation')),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers_received', to='accounts.account')),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers_sent', to='accounts.account')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('sender', 'client_id'), name='transfer_once'),
                    models.CheckConstraint(condition=models.Q(('amount__gte', 1), ('amount__lte', 1000000000000000)), name='transfer_amount'),
                    models.CheckConstraint(condition=models.Q(('sender', models.F('receiver')), _negated=True), name='transfer_to_somebody_else'),
                    models.CheckConstraint(condition=models.Q(models.Q(('status', 'delayed'), _negated=True), ('arrives_at__isnull', False), _connector='OR'), name='transfer_delayed_arrives'),
                ],
                'indexes': [
                    models.Index(fields=['sender', '-id'], name='transfers_out'),
                    models.Index(fields=['receiver', '-id'], name='transfers_in'),
                    models.Index(condition=models.Q(('code__isnull', False)), fields=['code', '-id'], name='payments_to_code'),
                ],
            },
        ),
        migrations.CreateModel(
            name='MoneyRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.CharField(max_length=64)),
                ('currency', models.CharField(max_length=3)),
                ('note', models.CharField(blank=True, max_length=60)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('shown_at', models.DateTimeField(blank=True, null=True)),
                ('source', models.CharField(blank=True, max_length=40)),
                ('method', models.CharField(blank=True, max_length=60)),
                ('counted', models.JSONField(blank=True, default=list)),
                ('public_id', models.CharField(default=functools.partial(superapp.kernel.ids.new_id, *('rq',), **{}), max_length=40, unique=True)),
                ('amount', models.BigIntegerField()),
                ('status', models.CharField(choices=[('open', 'Waiting to be paid'), ('paying', 'Being paid'), ('paid', 'Paid'), ('declined', 'Declined'), ('cancelled', 'Cancelled'), ('expired', 'Expired')], default='open', max_length=10)),
                ('reminded_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests_made', to='accounts.account')),
                ('conversation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chat.conversation')),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests_to_pay', to='accounts.account')),
            ],
            options={
                'indexes': [models.Index(fields=['asker', '-id'], name='requests_out'), models.Index(fields=['payer', '-id'], name='requests_in')],
                'constraints': [
                    models.UniqueConstraint(fields=('asker', 'client_id'), name='request_once'),
                    models.CheckConstraint(condition=models.Q(('amount__gte', 1), ('amount__lte', 1000000000000000)), name='request_amount'),
                    models.CheckConstraint(condition=models.Q(('asker', models.F('payer')), _negated=True), name='request_to_somebody_else'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PayCodeUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.BigIntegerField()),
                ('used_at', models.DateTimeField()),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='payments.paydevice')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('device', 'step'), name='one_use_per_step')],
            },
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION packet_shares_hold(shares bigint[], total bigint, parts int)
            RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
                SELECT cardinality(shares) = parts AND 1 <= ALL (shares)
                    AND (SELECT sum(one) FROM unnest(shares) AS one) = total
            $$;
            ALTER TABLE payments_redpacket ADD CONSTRAINT packet_shares_add_up
                CHECK (packet_shares_hold(shares, amount, count));
            """,
            """
            ALTER TABLE payments_redpacket DROP CONSTRAINT packet_shares_add_up;
            DROP FUNCTION packet_shares_hold(bigint[], bigint, int);
            """,
        ),
    ]
