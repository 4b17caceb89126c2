import { useTranslation } from '../use-translation';
import classes from './CodeBlock.module.css';
import { CopyButton } from './CopyButton';

export interface CodeBlockProps {
  /** What the lines do. */
  readonly label: string;
  readonly text: string;
  /** What is copied where that is more than is shown; `null` where nothing can be. */
  readonly copy?: (() => string) | null;
  /** Leaves the label to screen readers, where a choice above says the same. */
  readonly hidden?: boolean;
}

/** Lines to copy. They run from left to right in every script, and scroll in their own frame. */
export function CodeBlock({ label, text, copy = () => text, hidden = false }: CodeBlockProps) {
  const { t } = useTranslation();
  return (
    <figure className={classes['block']}>
      {hidden ? null : <figcaption className={classes['label']}>{label}</figcaption>}
      <div className={classes['frame']} dir="ltr">
        {/* What scrolls must take the keyboard's focus (WCAG 2.1.1). */}
        <pre className={classes['lines']} tabIndex={0} role="group" aria-label={label}>
          <code>{text.trimEnd()}</code>
        </pre>
        {copy === null ? null : (
          <span className={classes['copy']}>
            <CopyButton label={t('copy.code', { label })} text={copy} />
          </span>
        )}
      </div>
    </figure>
  );
}
