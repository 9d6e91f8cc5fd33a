import { Fragment } from 'react';

/** JSON as it is read: indented, its keys apart from its values. */
export function Json({ value, label }: { value: unknown; label: string }) {
  const text = JSON.stringify(value, null, 2) ?? '';
  return (
    <pre className="code" tabIndex={0} role="region" aria-label={label}>
      {text.split('\n').map((line, index) => {
        const [, indent = '', key = '', rest = ''] = /^(\s*)("(?:[^"\\]|\\.)*": )?(.*)$/.exec(line) ?? [];
        return (
          <Fragment key={index}>
            {indent}
            {key ? <span className="code-key">{key}</span> : null}
            {rest}
            {'\n'}
          </Fragment>
        );
      })}
    </pre>
  );
}
