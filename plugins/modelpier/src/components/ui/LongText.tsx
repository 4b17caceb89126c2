import { useState } from 'react';
import { useTranslation } from '../use-translation';
import classes from './LongText.module.css';

/** About what three lines of a table cell hold. */
const MOST_CHARACTERS = 140;

/** A message of any length: the first lines, and the rest on demand. */
export function LongText({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  if (text.length <= MOST_CHARACTERS) return <>{text}</>;
  return (
    <>
      <div className={open ? undefined : classes['clamped']}>{text}</div>
      <button
        type="button"
        className={classes['toggle']}
        aria-expanded={open}
        onClick={() => setOpen(previous => !previous)}
      >
        {t(open ? 'text.less' : 'text.more')}
      </button>
    </>
  );
}
