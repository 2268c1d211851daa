from django.urls import path

from people.views import account, audit, jobs, roles

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
    path("account/", account.my_account, name="account"),
    path("account/sessions/", account.session_list, name="sessions"),
    path("account/sessions/<slug:reference>/end/", account.session_end, name="session_end"),
    path("account/tokens/", account.token_list, name="tokens"),
    path("account/tokens/<int:token_id>/revoke/", account.token_revoke, name="token_revoke"),
]
