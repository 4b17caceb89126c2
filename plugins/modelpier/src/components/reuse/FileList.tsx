import text from '../ui/text.module.css';

/** The first of them; weights in shards would fill the page. */
const SHOWN = 3;

export function FileList({ files }: { readonly files: readonly string[] }) {
  if (files.length === 0) return <>–</>;
  const rest = files.length - SHOWN;
  return (
    <span title={files.join('\n')}>
      {files.slice(0, SHOWN).map(file => (
        <code key={file} dir="ltr" className={[text['code'], text['block']].join(' ')}>
          {file}
        </code>
      ))}
      {rest > 0 ? <span className={text['note']}>+{rest}</span> : null}
    </span>
  );
}
