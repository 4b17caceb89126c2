import { CopyButton } from '../ui/CopyButton';
import { useTranslation } from '../use-translation';
import classes from './Command.module.css';

export interface CommandProps {
  readonly label: string;
  readonly text: string;
  readonly copyLabel?: string;
}

/** A line to copy, with a word on what it does. */
export function Command({ label, text, copyLabel }: CommandProps) {
  const { t } = useTranslation();
  return (
    <div>
      <div className={classes['label']}>{label}</div>
      <div className={classes['line']}>
        <code className={classes['code']}>{text}</code>
        <CopyButton label={copyLabel ?? t('copy.command')} text={text} />
      </div>
    </div>
  );
}
