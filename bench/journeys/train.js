// What the profile-guided build learns from (tools/train): the calls that scripts make most, none of it slow.
import http from 'k6/http';
import { check, group } from 'k6';
import { Counter, Rate, Trend } from 'k6/metrics';

const pages = new Trend('pages', true);
const bytes = new Counter('bytes');
const good = new Rate('good');

export const options = {
  scenarios: {
    closed: { executor: 'constant-vus', vus: 20, duration: '3s' },
    open: {
      executor: 'constant-arrival-rate', rate: 300, timeUnit: '1s', duration: '3s', preAllocatedVUs: 30,
      exec: 'tagged',
    },
  },
  thresholds: { checks: ['rate>0.5'], http_req_duration: ['p(95)<60000'] },
};

export default function () {
  const res = http.get(`${__ENV.BASE_URL}/health`);
  check(res, {
    'status is 200': (r) => r.status === 200,
    'has a body': (r) => r.body.length > 0,
  });
}

export function tagged() {
  group('health', () => {
    const res = http.get(`${__ENV.BASE_URL}/health?vu=${__VU}`, {
      headers: { Accept: 'application/json', 'X-Iteration': String(__ITER) },
      tags: { name: 'health' },
    });
    const text = res.json();
    good.add(check(res, { 'is an object': () => typeof text === 'object' }));
    pages.add(res.timings.duration);
    bytes.add(res.body.length);
  });
}
