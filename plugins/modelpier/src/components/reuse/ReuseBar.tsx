import { type ReuseResult } from '@modelpier/backstage-plugin-modelpier-common';
import { useFigures } from '../../hooks/use-figures';
import { useTranslation } from '../use-translation';
import classes from './reuse.module.css';
import { Swatch } from './Swatch';

const HEIGHT = 14;
/** A part too small to be seen is still drawn this wide, of 1000. */
const SMALLEST = 4;

/** The bytes of an image in one bar: shared with the base, shared of our own, new. */
export function ReuseBar({ reuse }: { readonly reuse: ReuseResult }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { mode, totalBytes, reusedBaseBytes, reusedOwnBytes, newBytes } = reuse;
  const parts = [
    { key: 'base' as const, bytes: reusedBaseBytes, label: t(`reuse.base.${mode}`) },
    { key: 'own' as const, bytes: reusedOwnBytes, label: t(`reuse.own.${mode}`) },
    { key: 'new' as const, bytes: newBytes, label: t(`reuse.rest.${mode}`) },
  ].filter(({ bytes }) => bytes > 0);
  const widths = parts.map(({ bytes }) => Math.max((bytes / totalBytes) * 1000, SMALLEST));
  const sum = widths.reduce((total, width) => total + width, 0);
  const text = t(`reuse.bar.${mode}`, {
    base: figures.bytes(reusedBaseBytes),
    own: figures.bytes(reusedOwnBytes),
    newBytes: figures.bytes(newBytes),
  });
  return (
    <div>
      <svg
        role="img"
        aria-label={text}
        viewBox={`0 0 ${sum} ${HEIGHT}`}
        preserveAspectRatio="none"
        className={classes['bar']}
      >
        {parts.map(({ key }, index) => (
          <rect
            key={key}
            className={classes[key]}
            x={widths.slice(0, index).reduce((total, width) => total + width, 0)}
            width={widths[index]}
            height={HEIGHT}
          />
        ))}
      </svg>
      <ul className={classes['legend']}>
        {parts.map(({ key, bytes, label }) => (
          <li key={key}>
            <Swatch part={key} />
            {label}
            <span className={classes['amount']}>{figures.bytes(bytes)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
