import classes from './reuse.module.css';

/** The colour of a part of the bar; words beside it say the same. */
export function Swatch({ part }: { readonly part: 'base' | 'own' | 'new' }) {
  return (
    <svg viewBox="0 0 10 10" aria-hidden className={classes['swatch']}>
      <rect className={classes[part]} width={10} height={10} />
    </svg>
  );
}
