import { patientClock } from '../../../../test/servers/registry/samples';
import { parseRetryAfter, RegistryError } from './registry-error';
import { retry, retryDelayMs } from './retry';

const transient = (retryAfterMs?: number) =>
  new RegistryError('upstream', 'GET a: HTTP 503', { isTransient: true, retryAfterMs });

/** Fails as often as there are failures, then returns how often it was tried. */
function failing(failures: readonly Error[]) {
  let tries = 0;
  return () => {
    const failure = failures[tries++];
    return failure === undefined ? Promise.resolve(tries) : Promise.reject(failure);
  };
}

it('doubles the delay from half a second on', async () => {
  const clock = patientClock();
  const attempt = failing([transient(), transient(), transient(), transient()]);
  expect(await retry(attempt, { clock, random: () => 1 })).toBe(5);
  expect(clock.sleptMs).toEqual([500, 1000, 2000, 4000]);
});

it('spreads the delay down to nothing', () => {
  expect(retryDelayMs(3, () => 0)).toBe(0);
  expect(retryDelayMs(3, () => 0.25)).toBe(500);
});

it('gives up after five tries with the last error', async () => {
  const clock = patientClock();
  const last = transient();
  const attempt = failing([...Array.from({ length: 4 }, () => transient()), last, transient()]);
  await expect(retry(attempt, { clock, random: () => 1 })).rejects.toBe(last);
  expect(clock.sleptMs).toHaveLength(4);
});

it('waits as long as the registry asks', async () => {
  const clock = patientClock();
  await retry(failing([transient(7000)]), { clock, random: () => 1 });
  expect(clock.sleptMs).toEqual([7000]);
});

it('does not wait for longer than two minutes', async () => {
  const clock = patientClock();
  await expect(retry(failing([transient(121_000)]), { clock, random: () => 1 })).rejects.toThrow('503');
  expect(clock.sleptMs).toEqual([]);
});

it('does not repeat what will fail again', async () => {
  const clock = patientClock();
  const denied = new RegistryError('forbidden', 'PUT a: DENIED', { status: 403 });
  await expect(retry(failing([denied]), { clock, random: () => 1 })).rejects.toBe(denied);
  await expect(retry(failing([new TypeError('x')]), { clock, random: () => 1 })).rejects.toThrow(TypeError);
});

it('stops waiting when it is cancelled, and says what it waited for', async () => {
  const aborted = new AbortController();
  const clock = { ...patientClock(), sleep: () => Promise.reject(new Error('aborted')) };
  const failure = retry(failing([transient()]), { clock, random: () => 1 }, aborted.signal);
  await expect(failure).rejects.toMatchObject({
    code: 'cancelled',
    message: 'cancelled while waiting to try again: GET a: HTTP 503',
  });
});

it.each([
  ['120', 120_000],
  ['0', 0],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ['soon', undefined],
  [undefined, undefined],
])('reads Retry-After %s', (value, expectedMs) => {
  expect(parseRetryAfter(value, Date.parse('2026-01-01T00:00:00Z'))).toBe(expectedMs);
});
