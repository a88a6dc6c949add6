// A case worker looks someone up: search by name, referral details, progress.
//
//   BASE_URL, SAMPLE_USER, SAMPLE_PASSWORD as in dashboard.js
import http, { RefinedResponse } from 'k6/http';
import { check, fail, group } from 'k6';
import { Options } from 'k6/options';
import { signIn } from './sign-in.js';

type Page = RefinedResponse<'text'>;

interface Case {
  id: string;
  reference: string;
}

const baseUrl: string = __ENV.BASE_URL || 'http://127.0.0.1:8080';
const user: string = __ENV.SAMPLE_USER || 'heavy';
const password: string = __ENV.SAMPLE_PASSWORD || 'sample-password';
const names: readonly string[] = ['Patel', 'Jones', "O'Brien", 'Nowak', 'Ahmed'];

export const options: Options = {
  noCookiesReset: true,
  scenarios: {
    referral: {
      executor: 'constant-arrival-rate',
      rate: 5,
      timeUnit: '1s',
      duration: '30s',
      preAllocatedVUs: 20,
      maxVUs: 40,
    },
  },
  thresholds: {
    'http_req_duration{name:search}': ['p(98)<2000'],
    'http_req_duration{name:details}': ['p(98)<2000'],
    'http_req_duration{name:progress}': ['p(98)<2000'],
    checks: ['rate>0.99'],
  },
};

let signedIn = false;

function open(path: string, name: string): Page {
  return http.get(`${baseUrl}${path}`, { tags: { name }, responseType: 'text' });
}

function heading(page: Page): string {
  const found = /<h1[^>]*>([^<]*)<\/h1>/.exec(page.body ?? '');
  return found ? found[1] : '';
}

function firstCase(page: Page): Case | undefined {
  const found = /\/referrals\/([0-9a-f-]{36})\/progress">([^<]+)</.exec(page.body ?? '');
  return found ? { id: found[1], reference: found[2] } : undefined;
}

export default function (): void {
  if (!signedIn) {
    group('sign-in', () => signIn(baseUrl, user, password));
    signedIn = true;
  }
  const name = names[__ITER % names.length];
  const list = open(
    `/service-provider/dashboard/all-open-cases?open-case-search-text=${encodeURIComponent(name)}`,
    'search',
  );
  const one = firstCase(list);
  check(list, {
    'search: heading is "All open cases"': (r) => heading(r) === 'All open cases',
    'search: someone is found': () => one !== undefined,
  });
  if (one === undefined) return fail(`nobody called ${name}: is this user's data as expected?`);

  const details = open(`/referrals/${one.id}/details`, 'details');
  check(details, {
    'details: heading is "Referral details"': (r) => heading(r) === 'Referral details',
    'details: it is the case that was clicked': (r) => (r.body ?? '').includes(one.reference),
  });

  const progress = open(`/referrals/${one.id}/progress`, 'progress');
  check(progress, {
    'progress: heading is "Progress"': (r) => heading(r) === 'Progress',
    'progress: it is the same case': (r) => (r.body ?? '').includes(one.reference),
  });
}
