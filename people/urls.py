from django.urls import path

from people.views import absence, account, audit, inbox, jobs, outbox, roles

app_name = "people"
urlpatterns = [
    path("audit/", audit.entry_list, name="audit"),
    path("audit/verify/", audit.verify, name="audit_verify"),
    path("audit/history/", audit.history, name="history"),
    path("audit/permissions/", audit.permission_catalogue, name="permissions"),
    path("people/roles/", roles.role_list, name="roles"),
    path("people/roles/propose/", roles.role_propose, name="role_propose"),
    path("people/roles/requests/<int:request_id>/", roles.role_decide, name="role_decide"),
    path("people/accounts/new/", roles.account_new, name="account_new"),
    path("people/accounts/<int:user_id>/close/", roles.account_close, name="account_close"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:job_id>/retry/", jobs.job_retry, name="job_retry"),
    path("my/absences/", absence.absences, name="absences"),
    path("absences/", absence.absences_office, name="absences_office"),
    path("my/absences/<int:absence_id>/end/", absence.absence_end, name="absence_end"),
    path("inbox/", inbox.note_list, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read_all"),
    path("inbox/settings/", inbox.mail_choices, name="inbox_settings"),
    path("inbox/<int:note_id>/open/", inbox.note_open, name="note_open"),
    path("inbox/<int:note_id>/read/", inbox.note_read, name="note_read"),
    path("outbox/", outbox.mail_list, name="outbox"),
    path("outbox/<int:mail_id>/arrived/", outbox.mail_arrived, name="mail_arrived"),
    path("outbox/<int:mail_id>/again/", outbox.mail_again, name="mail_again"),
    path("account/", account.my_account, name="account"),
    path("account/sessions/", account.session_list, name="sessions"),
    path("account/sessions/<slug:reference>/end/", account.session_end, name="session_end"),
    path("account/tokens/", account.token_list, name="tokens"),
    path("account/tokens/<int:token_id>/revoke/", account.token_revoke, name="token_revoke"),
]
