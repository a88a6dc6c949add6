// The journey of the outage: a provider's user opens the list of all open cases.
//
//   BASE_URL         where the service is          (http://127.0.0.1:8080)
//   SAMPLE_USER      whose cases                   (heavy)
//   SAMPLE_PASSWORD  the password of all users     (sample-password)
//   MIN_CASES        how many cases there must be  (1)
import http from 'k6/http';
import { check, group } from 'k6';
import { signIn } from './sign-in.js';

const baseUrl = __ENV.BASE_URL || 'http://127.0.0.1:8080';
const user = __ENV.SAMPLE_USER || 'heavy';
const password = __ENV.SAMPLE_PASSWORD || 'sample-password';
const minCases = Number(__ENV.MIN_CASES || 1);

export const options = {
  noCookiesReset: true, // the session cookie lasts as long as the virtual user
  scenarios: {
    dashboard: {
      executor: 'constant-arrival-rate',
      rate: 25,
      timeUnit: '1s',
      duration: '30s',
      preAllocatedVUs: 60,
      maxVUs: 120,
    },
  },
  thresholds: {
    'http_req_duration{name:dashboard}': ['p(98)<2000'],
    'http_req_failed{name:dashboard}': ['rate<0.01'],
    checks: ['rate>0.99'],
  },
};

let signedIn = false;

// "Showing 1 to 100 of 9900 results": without it, a sign-in page or an empty list would pass.
function shown(page) {
  const found = /Showing (\d+) to (\d+) of (\d+) results/.exec(page.body);
  if (found === null) return { rows: 0, total: 0 };
  const [from, to, total] = found.slice(1).map(Number);
  return { rows: to - from + 1, total };
}

// What the gate pins under [[fact]]: asked once, before the load.
export function facts() {
  signIn(baseUrl, user, password);
  const page = http.get(`${baseUrl}/service-provider/dashboard/all-open-cases`);
  return { 'cases of the heavy user': shown(page).total };
}

export default function () {
  if (!signedIn) {
    group('sign-in', () => signIn(baseUrl, user, password));
    signedIn = true;
  }
  group('dashboard', () => {
    const page = http.get(`${baseUrl}/service-provider/dashboard/all-open-cases`, {
      tags: { name: 'dashboard' },
    });
    check(page, {
      'dashboard: status is 200': (r) => r.status === 200,
      'dashboard: heading is "All open cases"': (r) =>
        r.body !== null && /<h1[^>]*>All open cases<\/h1>/.test(r.body),
      'dashboard: rows are shown': (r) =>
        r.body !== null && r.body.includes('<tr class="govuk-table__row"><td'),
      'dashboard: as many cases as expected': (r) =>
        r.body !== null && shown(r).rows > 0 && shown(r).total >= minCases,
    });
  });
}
