import { observeDeaths, type DeathsByContainer } from './deaths';
import { health } from './health';
import { crashed, NOW, pod } from './health.fixture';
import { parsePod } from './pod';

type Fields = Record<string, unknown>;
const ended = (second: number, over: Fields = {}): Fields => ({
  exitCode: 1,
  reason: 'Error',
  message: `12:00:${String(second).padStart(2, '0')} cannot serve the model`,
  finishedAt: new Date(NOW + second * 1000).toISOString(),
  ...over,
});
/** Lies dead, before the kubelet has said that it waits. */
const dead = (restartCount: number, end: Fields): Fields => ({
  restartCount,
  ready: false,
  state: { terminated: end },
});
const again = (restartCount: number, end: Fields): Fields => ({
  restartCount,
  state: { running: {} },
  lastState: { terminated: end },
});

/** The seconds of the looks after which the pod counts as failed. */
function failsAt(looks: readonly [second: number, container: Fields][]): readonly number[] {
  let deaths: DeathsByContainer = new Map();
  return looks.flatMap(([second, container]) => {
    const now = NOW + second * 1000;
    const fields = { container };
    deaths = observeDeaths(deaths, [parsePod(pod(fields))], now);
    return health(pod(fields), { now, deaths }).state === 'Failed' ? [second] : [];
  });
}

const OOM = { exitCode: 137, reason: 'OOMKilled', message: undefined };

it.each<[string, Parameters<typeof failsAt>[0], number[]]>([
  [
    'lets a first death be, whatever it was',
    [
      [1, dead(0, ended(1))],
      [2, dead(0, ended(1, OOM))],
      [3, dead(0, ended(1, { exitCode: 127 }))],
    ],
    [],
  ],
  [
    'lets a container be that came up at its second start',
    [
      [1, dead(0, ended(1))],
      [2, again(1, ended(1))],
      [99, again(1, ended(1))],
    ],
    [],
  ],
  [
    'lets it be that came up at its third start',
    [
      [1, dead(0, ended(1))],
      [3, crashed(1, ended(3))],
      [14, again(2, ended(3))],
      [99, again(2, ended(3))],
    ],
    [],
  ],
  [
    'gives up after three deaths alike and 30 s',
    [
      [10, dead(0, ended(10))],
      [20, crashed(1, ended(20))],
      [39, dead(2, ended(39))],
      [40, crashed(2, ended(39))],
    ],
    [40],
  ],
  [
    'waits for the 30 s where deaths come fast',
    [
      [1, dead(0, ended(1))],
      [2, crashed(1, ended(2))],
      [13, crashed(2, ended(13))],
      [30, crashed(2, ended(13))],
      [31, crashed(2, ended(13))],
    ],
    [31],
  ],
  [
    'waits for a third restart where each death is another',
    [
      [10, dead(0, ended(10))],
      [20, crashed(1, ended(20, { exitCode: 2 }))],
      [41, crashed(2, ended(41, { exitCode: 3 }))],
      [71, crashed(3, ended(71, { exitCode: 4 }))],
    ],
    [71],
  ],
  [
    'gives up at the second death for want of memory',
    [
      [5, dead(0, ended(5, OOM))],
      [10, dead(1, ended(10, OOM))],
    ],
    [10],
  ],
  [
    'gives up at the second death where the program is not there',
    [
      [1, dead(0, ended(1, { exitCode: 127 }))],
      [2, dead(1, ended(2, { exitCode: 127 }))],
    ],
    [2],
  ],
  [
    'gives up at the second death of a program for another processor',
    [
      [1, dead(0, ended(1, { exitCode: 132 }))],
      [2, crashed(1, ended(2, { exitCode: 132 }))],
    ],
    [2],
  ],
  [
    'counts a death once, however often it is seen',
    [
      [1, crashed(1, ended(1))],
      [30, crashed(1, ended(1))],
      [60, crashed(1, ended(1))],
    ],
    [],
  ],
])('%s', (_name, looks, seconds) => {
  expect(failsAt(looks)).toEqual(seconds);
});

it('forgets the deaths of a pod that is gone', () => {
  const known = observeDeaths(new Map(), [parsePod(pod({ container: crashed(1, ended(1)) }))], NOW);
  expect([known.size, observeDeaths(known, [], NOW).size]).toEqual([1, 0]);
});
