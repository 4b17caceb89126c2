import { type ReuseResult, formatBytes } from '@modelpier/backstage-plugin-modelpier-common';
import { useTranslation } from '../use-translation';
import classes from './reuse.module.css';

const HEIGHT = 14;
/** A part too small to be seen is still drawn this wide, of 1000. */
const SMALLEST = 4;

/** The bytes of an image in one bar: shared with the base, shared of our own, new. */
export function ReuseBar({ reuse }: { readonly reuse: ReuseResult }) {
  const { t } = useTranslation();
  const { mode, totalBytes, reusedBaseBytes, reusedOwnBytes, newBytes } = reuse;
  const parts = [
    { key: 'base', bytes: reusedBaseBytes, label: t(`reuse.base.${mode}`) },
    { key: 'own', bytes: reusedOwnBytes, label: t(`reuse.own.${mode}`) },
    { key: 'new', bytes: newBytes, label: t(`reuse.rest.${mode}`) },
  ].filter(({ bytes }) => bytes > 0);
  const widths = parts.map(({ bytes }) => Math.max((bytes / totalBytes) * 1000, SMALLEST));
  const sum = widths.reduce((total, width) => total + width, 0);
  const text = t(`reuse.bar.${mode}`, {
    base: formatBytes(reusedBaseBytes),
    own: formatBytes(reusedOwnBytes),
    newBytes: formatBytes(newBytes),
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
            <svg viewBox="0 0 10 10" aria-hidden className={classes['swatch']}>
              <rect className={classes[key]} width={10} height={10} />
            </svg>
            {label}
            <span className={classes['amount']}>{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
