import type { StoreKindRow, StoreLook } from '../../api/types.ts';

/** What this kind of shop asks for. `known`: fields that are filled already and may stay empty. */
export const KindFields = ({ kind, known = false }: { kind: StoreKindRow; known?: boolean }) => (
  <>
    {kind.fields.map((field) => (
      <label key={field.name} className="field">
        <span>
          {field.label}
          {field.required ? '' : ', if there is one'}
        </span>
        <input
          name={field.name}
          type={field.kind === 'secret' ? 'password' : field.kind === 'url' ? 'url' : 'text'}
          autoComplete="off"
          spellCheck={false}
          required={field.required && !known}
          placeholder={known ? 'as it is' : field.placeholder}
          aria-describedby={`hint-${field.name}`}
        />
        <small id={`hint-${field.name}`} className="dim">
          {field.hint}
          {field.kind === 'secret' ? ' Kept sealed, never shown again.' : ''}
        </small>
      </label>
    ))}
  </>
);

/** Where to find it, what it may do then, and what this kind does not let anybody do. */
export const KindHelp = ({ kind }: { kind: StoreKindRow }) => (
  <details className="store-help">
    <summary>Where do I find these, and what may it do then?</summary>
    <ol>
      {kind.steps.map((step) => (
        <li key={step}>{step}</li>
      ))}
    </ol>
    <ul>
      {kind.scopes.map(({ name, why }) => (
        <li key={name}>
          <code>{name}</code> {why}
        </li>
      ))}
    </ul>
    {kind.cannot.length > 0 ? (
      <ul>
        {kind.cannot.map(({ what, why }) => (
          <li key={what}>
            <strong>{what}</strong> {why}
          </li>
        ))}
      </ul>
    ) : null}
  </details>
);

/** What was found at the shop, before anything is connected. */
export const Look = ({ found }: { found: StoreLook }) => (
  <div className="store-look" role="status">
    <p className="strong">{found.troubles.length > 0 ? 'It cannot be used yet' : `${found.name || 'The shop'} answers`}</p>
    <ul>
      {found.troubles.map((trouble) => (
        <li key={trouble} className="tone-text-crit">
          {trouble}
        </li>
      ))}
      {found.words.map((word) => (
        <li key={word}>{word}</li>
      ))}
    </ul>
  </div>
);
