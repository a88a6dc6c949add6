// Twenty pages of a service, four a journey, with checks and groups: what a long run of a real suite records.
import http from 'k6/http';
import { check, group } from 'k6';

const areas = ['dashboard', 'search', 'referral', 'reports', 'admin'];

export const options = {
  scenarios: {
    pages: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE) / 4,
      timeUnit: '1s',
      duration: __ENV.DURATION,
      preAllocatedVUs: Number(__ENV.USERS),
      maxVUs: Number(__ENV.USERS),
    },
  },
  thresholds: { 'http_req_duration{name:dashboard 1}': ['p(98)<2000'] },
};

export default function () {
  const area = areas[__ITER % areas.length];
  group(area, () => {
    for (let page = 1; page <= 4; page += 1) {
      const answer = http.get(`${__ENV.TARGET}/delay`, { tags: { name: `${area} ${page}` } });
      check(answer, { [`${area} is shown`]: (r) => r.status === 200 });
    }
  });
}
