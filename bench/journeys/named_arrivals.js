// Requests under NAMES names in turn at a constant rate: for what telemetry costs.
import http from 'k6/http';

export { options } from './arrivals.js';

const names = Array.from({ length: Number(__ENV.NAMES) }, (_, i) => ({ tags: { name: `request ${i}` } }));
let next = __VU;

export default function () {
  http.get(__ENV.TARGET, names[next++ % names.length]);
}
