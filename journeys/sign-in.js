// Signs in to the sample service as a person does: through the form on its second origin.
// Plain k6: nothing here is particular to one tool.
import http from 'k6/http';
import encoding from 'k6/encoding';
import { check, fail } from 'k6';

// Its own name keeps signing in out of what is judged: it is another service's work.
const step = { redirects: 0, tags: { name: 'sign-in' } };

function absolute(location, from) {
  if (!location.startsWith('/')) return location;
  return from.split('/').slice(0, 3).join('/') + location;
}

// Opens `start`, is led to the form, fills it in, and goes back one redirect at a time until
// `isBack` says that the next address is where we want to be led. Returns that address.
function passForm(start, user, password, isBack) {
  const form = http.get(start, { tags: { name: 'sign-in' } });
  const csrf = /name="_csrf" value="([^"]+)"/.exec(form.body);
  if (!check(form, { 'sign-in: form is shown': () => csrf !== null })) {
    fail(`no sign-in form at ${form.url}: status ${form.status} ${form.error}`);
  }
  const fields = { username: user, password: password, _csrf: csrf[1] };
  let answer = http.post(absolute('/auth/sign-in', form.url), fields, step);
  for (let hop = 0; hop < 5; hop += 1) {
    const location = absolute(answer.headers.Location || '', answer.url);
    if (isBack(location)) return location;
    if (location === '' || location.includes('/auth/')) break;
    answer = http.get(location, step);
  }
  return fail(`sign-in of ${user} was refused: status ${answer.status} at ${answer.url}`);
}

// Leaves a session cookie in the jar of this virtual user. Use it with `noCookiesReset: true`, or
// the jar is emptied before the next iteration. The page after the sign-in is not loaded.
export function signIn(baseUrl, user, password) {
  const isBack = (location) => location.startsWith(`${baseUrl}/sign-in/callback`);
  const callback = passForm(`${baseUrl}/sign-in`, user, password, isBack);
  const done = http.get(callback, step);
  check(done, { 'sign-in: session is given': (r) => r.status === 302 });
}

// An access token of a user, for the JSON API: an authorization code, traded by the API client.
export function userToken(authUrl, user, password) {
  const client = __ENV.API_CLIENT || 'sample-api';
  const secret = __ENV.API_CLIENT_SECRET || 'sample-api-secret';
  const redirectUri = 'http://127.0.0.1/journey';
  const authorize =
    `${authUrl}/oauth/authorize?response_type=code&client_id=${client}&state=journey` +
    `&redirect_uri=${encodeURIComponent(redirectUri)}`;
  const isBack = (location) => location.startsWith(redirectUri);
  const location = passForm(authorize, user, password, isBack);
  const answer = http.post(
    `${authUrl}/oauth/token`,
    {
      grant_type: 'authorization_code',
      code: /[?&]code=([^&]+)/.exec(location)[1],
      redirect_uri: redirectUri,
    },
    {
      headers: { Authorization: `Basic ${encoding.b64encode(`${client}:${secret}`)}` },
      tags: { name: 'sign-in' },
    },
  );
  check(answer, { 'sign-in: token is given': (r) => r.status === 200 });
  return answer.json('access_token');
}
