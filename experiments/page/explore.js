// The explore page: what its controls say becomes its address, and what the server says of that is shown as it comes.

{
  const part = (id) => document.getElementById(id);
  let events = null;
  let timer = 0;

  /** What the controls say, as a link says it: only what differs from the defaults. */
  const queryOfControls = () => {
    const query = new URLSearchParams();
    for (const control of part('controls').elements) {
      const { name, value } = control;
      if (name === '' || (control.type !== 'hidden' && value === control.dataset.default)) continue;
      if (name.startsWith('set.')) query.append('set', `${name.slice(4)}=${value}`);
      else query.append(name, value);
    }
    return String(query);
  };

  const show = ({ command, progress = '', failure = '', sentence, good, knee, report }) => {
    part('command').textContent = command;
    part('progress').textContent = progress;
    part('problem').textContent = failure;
    if (failure !== '') {
      part('sentence').textContent = 'No answer';
      part('sentence').className = '';
    }
    if (sentence !== undefined) {
      part('sentence').textContent = sentence;
      part('sentence').className = good ? 'good' : 'bad';
    }
    // The server writes the markup, and escapes what documents say.
    if (knee !== undefined) part('knee-place').innerHTML = knee;
    if (report !== undefined) part('report').innerHTML = report;
    part('plan-file').hidden = report === undefined;
    const over = failure !== '' || sentence !== undefined;
    document.body.dataset.state = over ? 'done' : 'busy';
    if (over) events.close();
  };

  /** Asks for the state of the address. */
  const ask = () => {
    events?.close();
    const query = location.search;
    document.body.dataset.state = 'busy';
    part('plan-file').hidden = true;
    for (const [id, file] of [
      ['scenario-file', '/scenario.yaml'],
      ['plan-file', '/plan.json'],
    ])
      part(id).href = file + query;
    events = new EventSource(`/plan${query}`);
    events.onmessage = ({ data }) => show(JSON.parse(data));
    events.onerror = async () => {
      // A state that the server refuses is told by its answer; a server that is gone is tried again by the browser.
      const answer = await fetch(`/${query}`).catch(() => null);
      if (answer === null) part('progress').textContent = 'the server is gone: start `rangefit explore` again';
      else if (answer.status === 400) show({ command: '', failure: await answer.text() });
    };
  };

  /** Another scenario or host has other parameters: the server knows which. */
  const reloadControls = async () => {
    const answer = await fetch(`/${location.search}`);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const open = new Set(
      [...document.querySelectorAll('#controls details[open] summary')].map((one) => one.textContent),
    );
    part('controls').replaceWith(page.getElementById('controls'));
    for (const summary of document.querySelectorAll('#controls summary'))
      if (open.has(summary.textContent)) summary.parentElement.open = true;
    listen();
  };

  const go = (query) => {
    history.pushState(null, '', query === '' ? '/' : `/?${query}`);
    ask();
  };

  const listen = () => {
    const controls = part('controls');
    controls.addEventListener('submit', (event) => event.preventDefault());
    controls.addEventListener('change', ({ target }) => {
      target.closest('label')?.classList.toggle('changed', target.value !== target.dataset.default);
      clearTimeout(timer);
      const others = ['scenario', 'host', 'tech'].includes(target.name);
      // Settings of one host or workload mean nothing to another.
      if (others)
        for (const control of controls.elements)
          if (control.name.startsWith(target.name === 'scenario' ? 'set.scenario.workload' : 'set.host'))
            control.disabled = true;
      timer = setTimeout(() => {
        for (const control of controls.elements) if (control.disabled) control.value = control.dataset.default;
        go(queryOfControls());
        if (others) void reloadControls();
      }, 200);
    });
    controls.addEventListener('reset', (event) => {
      event.preventDefault();
      go('');
      void reloadControls();
    });
  };

  addEventListener('popstate', () => {
    ask();
    void reloadControls();
  });
  listen();
  ask();
}
