// The JSON API under the pages, called with a user's token as the pages call it.
//
//   BASE_URL, SAMPLE_USER, SAMPLE_PASSWORD as in dashboard.js
//   AUTH_URL                     where people sign in (the service says it itself at /info)
//   API_CLIENT, API_CLIENT_SECRET  the API's client   (sample-api, sample-api-secret)
import http from 'k6/http';
import { check } from 'k6';
import { userToken } from './sign-in.js';

const baseUrl = __ENV.BASE_URL || 'http://127.0.0.1:8080';
const user = __ENV.SAMPLE_USER || 'heavy';
const password = __ENV.SAMPLE_PASSWORD || 'sample-password';

export const options = {
  scenarios: {
    api: {
      executor: 'constant-arrival-rate',
      rate: 10,
      timeUnit: '1s',
      duration: '30s',
      preAllocatedVUs: 30,
      maxVUs: 60,
    },
  },
  thresholds: {
    'http_req_duration{name:summaries}': ['p(98)<2000'],
    'http_req_duration{name:referral}': ['p(98)<2000'],
    checks: ['rate>0.99'],
  },
};

// Once for the run: the address of the sign-in, which lies on another origin.
export function setup() {
  const authUrl = __ENV.AUTH_URL || http.get(`${baseUrl}/info`).json('authUrl');
  return { authUrl };
}

let token = null;

export default function (data) {
  token = token || userToken(data.authUrl, user, password);
  const headers = { Authorization: `Bearer ${token}` };

  const list = http.get(`${baseUrl}/sent-referrals/summaries?concluded=false&page=1&size=50`, {
    headers,
    tags: { name: 'summaries' },
  });
  const fine = check(list, {
    'summaries: status is 200': (r) => r.status === 200,
    'summaries: there are cases': (r) => r.status === 200 && r.json('content').length > 0,
    'summaries: the total is told': (r) => r.status === 200 && r.json('totalElements') > 0,
  });
  if (!fine) return;

  const id = list.json('content.0.id');
  const one = http.get(`${baseUrl}/sent-referral/${id}`, { headers, tags: { name: 'referral' } });
  check(one, {
    'referral: status is 200': (r) => r.status === 200,
    'referral: it is the one asked for': (r) => r.status === 200 && r.json('id') === id,
  });
}
