import { Mark } from '../parts/Icon.tsx';

/** Nobody is signed in. There is no password: who may use the machine may ask it for a link. */
export const SignIn = ({ used }: { used: boolean }) => (
  <main className="plain">
    <div className="plain-card">
      <p className="brand">
        <Mark /> Stockless
      </p>
      <h1>{used ? 'This link is used up' : 'Sign in with a link'}</h1>
      <p>
        {used
          ? 'A sign-in link opens once, within ten minutes. Ask the terminal for a new one; starting Stockless prints it:'
          : 'There are no passwords here. Ask the terminal where Stockless runs for a link; starting it prints one:'}
      </p>
      <pre className="code">npx stockless start</pre>
      <p className="dim">It is valid once, for ten minutes. The session it opens stays in this browser.</p>
    </div>
  </main>
);
