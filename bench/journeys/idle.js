// Users that are ready and wait: what an idle one costs in memory.
import http from 'k6/http';
import { check, sleep } from 'k6';

export default function () {
  const res = http.get(__ENV.TARGET);
  check(res, {
    'status is 200': (r) => r.status === 200,
    'has a body': (r) => r.body.length > 0,
  });
  sleep(3600);
}
