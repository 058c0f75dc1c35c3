import datetime, pytest
from partnerships.models import *
from partnerships.models import Verb
from partnerships.models.decisions import Decision
from partnerships.report import Report
from sistercities.dates import UncertainDate
from django.core.exceptions import ValidationError
from tests import factories
pytestmark = pytest.mark.django_db
D = UncertainDate.from_stored
def test_refused_renewal():
    a = factories.agreement(status="in_force", signed="AD 2015-01-01", published=True)
    k = factories.milestone_kind("renewal", verb="renew", is_public=True)
    factories.milestone(a, k, answered="AD 2024-05-01", outcome="refused")
    print([ (e.what) for e in Report(Agreement.objects.all(), 2024, today=datetime.date(2025,1,1)).events])
    s = factories.milestone_kind("signing", verb="sign", is_public=True)
    factories.milestone(a, s, answered="AD 2014-05-01", outcome="refused", account_en="They did not come", account_fa="x", authority_en="Nobody", authority_fa="ن")
    for st in Agreement.objects.get().dossier.steps: print(st.what, st.date, st.details, st.by)
def test_reopen():
    u = factories.manager()
    a = factories.agreement(status="in_force", signed="AD 2015-01-01")
    a.end(u, D("AD 2020-01-01"), reason_en="x")
    k = MilestoneKind.objects.get(verb="end")
    factories.milestone(a, k, planned="AD 2030")
    a = Agreement.objects.get()
    print("before the end:", repr(a.status_before_the_end))
def test_renew_before_signed():
    u = factories.manager()
    a = factories.agreement(status="in_force", signed="AD 2015-01-01", in_force_from="AD 2016-01-01")
    for exp in ["AD 2014-01-01", "AD 2015-06-01"]:
        try:
            a.renew(u, D("AD 2015-02-01"), expires=D(exp)); print("renewed", exp)
        except ValidationError as e: print(e)
    try:
        a.end(u, D("AD 2015"), reason_en="y"*30000); print("ended")
    except Exception as e: print(type(e), e)
def test_suspend_expired():
    u = factories.manager()
    a = factories.agreement(status="in_force", signed="AD 2005-01-01", expires="AD 2010-01-01")
    print(a.state, a.verbs)
    a.suspend(u, D("AD 2020-01-01"), reason_en="x")
    print(a.state)
    a.resume(u, D("AD 2021-01-01")); print(a.state)
