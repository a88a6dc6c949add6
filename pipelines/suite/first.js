// The first journey: one page, as a person would open it. It only reads. Go on with the page that the most
// people wait for, as the user who has the most data.
//
//   BASE_URL  where the service is (the environment's base_url in weir.toml)
//   PAGE      the page's path
//   EXPECTED  a text that the page must show
import http from 'k6/http';
import { check } from 'k6';

const page = `${__ENV.BASE_URL}${__ENV.PAGE || '/'}`;
const expected = __ENV.EXPECTED || '';

export default function () {
  const answer = http.get(page, { tags: { name: 'first' } });
  const body = answer.body || '';
  check(answer, {
    'status is 200': (r) => r.status === 200,
    'it has content': () => body.trim().length > 0,
    'it is no sign-in form': () => !/type=["']?password/i.test(body),
    'it shows what is expected': () => body.includes(expected),
  });
}
