import de from '../translations/de';
import { createFigures } from './figures';

const english = createFigures({
  language: 'en',
  notKnown: 'not known',
  memory: 'memory',
  whole: count => `${count} whole`,
});
const german = createFigures({
  language: de['figures.language'],
  notKnown: de['figures.notKnown'],
  memory: de['figures.memory'],
  whole: devices => de['figures.whole'].replace('{{devices}}', devices),
});

it('writes in English what the action writes', () => {
  expect(english.bytes(411_648)).toBe('412 kB');
  expect(english.percent(0.5442)).toBe('54.4 %');
  expect(english.amount('cpu', '11760m')).toBe('11.76 CPU');
  expect(english.count(1234)).toBe('1,234');
});

it('writes the same digits with the signs of German', () => {
  expect(german.bytes(1_234_567)).toBe('1,23 MB');
  expect(german.bytes(12_345_678 * 10 ** 12)).toBe('12.346 PB');
  expect(german.percent(0.0004)).toBe('< 0,1 %');
  expect(german.times(1.531)).toBe('1,53x');
  expect(german.duration(4_200)).toBe('4,2 s');
  expect(german.amount('cpu', '980m')).toBe('0,98 CPU');
  expect(german.amount('nvidia.com/gpu', '0.25')).toBe(
    `0,25 GPU (${de['figures.whole'].replace('{{devices}}', '0')})`,
  );
  expect(german.metric(0.98064)).toBe('0,9806');
  expect(german.change(0.5)).toBe('+0,5');
});

it('leaves the names of resources as they are', () => {
  expect(german.amount('nvidia.com/mig-1g.5gb', '2')).toBe('2 nvidia.com/mig-1g.5gb');
  expect(german.amount('example.com/fpga-1.5', '1.5')).toMatch(/^1,5 example\.com\/fpga-1\.5 \(1 /);
  expect(german.resource('memory')).toBe(de['figures.memory']);
  expect(german.resource('cpu')).toBe('CPU');
});

it('says in the language what is not known', () => {
  expect(german.bytes(null)).toBe(de['figures.notKnown']);
  expect(german.amount('cpu', null)).toBe(de['figures.notKnown']);
});

it('keeps the direction of figures in a page from right to left', () => {
  const isolated = createFigures({
    language: 'en',
    notKnown: 'not known',
    memory: 'memory',
    whole: String,
    isIsolated: true,
  });
  expect(isolated.amount('cpu', '980m')).toBe('\u20660.98 CPU\u2069');
  expect(isolated.percent(0.5)).toBe('\u206650 %\u2069');
  expect(isolated.percent(null)).toBe('not known');
});

it('writes dates as the language does', () => {
  expect(german.day('2026-08-04T12:00:00Z')).toBe('04.08.2026');
  expect(english.day('2026-08-04T12:00:00Z')).toBe('Aug 4, 2026');
  expect(english.instant('yesterday')).toBe('not known');
});
