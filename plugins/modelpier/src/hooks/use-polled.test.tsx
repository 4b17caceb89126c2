import { TestApiProvider } from '@backstage/frontend-test-utils';
import { act, renderHook, waitFor } from '@testing-library/react';
import { type ReactNode } from 'react';
import { clockApiRef } from '../api/clock-api';
import { usePolled } from './use-polled';

const clock = { now: () => new Date('2026-09-01T12:00:00Z') };
const wrapper = ({ children }: { children: ReactNode }) => (
  <TestApiProvider apis={[[clockApiRef, clock]]}>{children}</TestApiProvider>
);

const HALF_MINUTE_MS = 30_000;
const hidePage = (hidden: boolean): void => {
  Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
  document.dispatchEvent(new Event('visibilitychange'));
};
const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  hidePage(false);
  jest.useRealTimers();
});

it('asks at once, then every half minute', async () => {
  const ask = jest.fn(() => Promise.resolve('rows'));
  const { result } = renderHook(() => usePolled('model', ask), { wrapper });
  expect(result.current.loading).toBe(true);
  await pass(0);
  expect(result.current).toMatchObject({ value: 'rows', loading: false, receivedAt: clock.now() });
  await pass(HALF_MINUTE_MS);
  await pass(HALF_MINUTE_MS);
  expect(ask).toHaveBeenCalledTimes(3);
});

it('rests while the page is hidden and asks once on the way back', async () => {
  const ask = jest.fn(() => Promise.resolve('rows'));
  renderHook(() => usePolled('model', ask), { wrapper });
  hidePage(true);
  await pass(5 * HALF_MINUTE_MS);
  expect(ask).toHaveBeenCalledTimes(1);
  act(() => hidePage(false));
  await waitFor(() => expect(ask).toHaveBeenCalledTimes(2));
});

it('keeps the last answer while asking again and when that fails', async () => {
  let answer = Promise.resolve('old rows');
  const { result } = renderHook(() => usePolled('model', () => answer), { wrapper });
  await pass(0);
  answer = Promise.reject(new Error('backend is gone'));
  act(() => result.current.refresh());
  expect(result.current).toMatchObject({ value: 'old rows', refreshing: true });
  await pass(0);
  expect(result.current).toMatchObject({ value: 'old rows', refreshing: false });
  expect(result.current.error?.message).toBe('backend is gone');
});

it('forgets the answer to another question', async () => {
  const { result, rerender } = renderHook(
    ({ key }: { key: string }) => usePolled(key, () => Promise.resolve(`rows of ${key}`)),
    { wrapper, initialProps: { key: 'one' } },
  );
  await pass(0);
  rerender({ key: 'two' });
  expect(result.current.value).toBeUndefined();
  await pass(0);
  expect(result.current.value).toBe('rows of two');
});

it('gives up the question when the page is left', async () => {
  let given: AbortSignal | undefined;
  const { unmount } = renderHook(
    () =>
      usePolled('model', signal => {
        given = signal;
        return new Promise<never>(() => {});
      }),
    { wrapper },
  );
  await pass(0);
  unmount();
  expect(given?.aborted).toBe(true);
});
