// Pictures of time, looked at more closely: by dragging over them, or with buttons. It works on the SVG that Vega writes:
// marks are stretched, not drawn again, and the axis of time gets labels for what is seen.

{
  /** Most labels along the axis, and how much closer one may look. */
  const LABELS = 6;
  const CLOSEST = 200;
  const SVG = 'http://www.w3.org/2000/svg';

  /** A round step that needs no more labels than there is room for. */
  const roundStep = (span) => {
    const power = 10 ** Math.floor(Math.log10(span / LABELS));
    return [1, 2, 5, 10].map((by) => by * power).find((step) => span / step <= LABELS);
  };

  const heightOf = (element) => /,\s*([-\d.]+)\)/.exec(element.getAttribute('transform'))[1];

  /** Copies of `one` at these places, instead of what its group holds. */
  const spread = ({ group, one }, places, write = () => {}) =>
    group.replaceChildren(
      ...places.map((place) => {
        const copy = one.cloneNode(true);
        copy.setAttribute('transform', `translate(${place.x},${heightOf(one)})`);
        copy.setAttribute('opacity', 1);
        write(copy, place);
        return copy;
      }),
    );

  /** What of one drawing moves: its marks, and the ticks, lines and labels of its axis of time. */
  const viewOf = (svg, name) => {
    const plot = svg.querySelector('.background');
    const { width, height } = plot.getAttribute('d').match(/h(?<width>[\d.]+)v(?<height>[\d.]+)/).groups;
    const upright = [...svg.querySelectorAll('.role-axis-tick, .role-axis-grid')].filter(
      (group) => group.firstElementChild?.getAttribute('x2') === '0',
    );
    const labels = upright
      .map((group) => group.closest('.role-axis').querySelector('.role-axis-label'))
      .find((group) => group !== null);
    const clip = document.createElementNS(SVG, 'clipPath');
    clip.id = name;
    const window = document.createElementNS(SVG, 'rect');
    window.setAttribute('width', width);
    window.setAttribute('height', height);
    clip.append(window);
    svg.append(clip);
    const marks = [...svg.querySelectorAll('.mark-line.role-mark, .mark-area.role-mark')].map((mark) => {
      const frame = document.createElementNS(SVG, 'g');
      frame.setAttribute('clip-path', `url(#${name})`);
      mark.replaceWith(frame);
      frame.append(mark);
      mark.removeAttribute('clip-path');
      for (const path of mark.querySelectorAll('path')) path.setAttribute('vector-effect', 'non-scaling-stroke');
      return mark;
    });
    return {
      svg,
      plot,
      width: Number(width),
      marks,
      lines: upright.map((group) => ({ group, one: group.firstElementChild.cloneNode(true) })),
      labels: { group: labels, one: labels.children[1] ?? labels.firstElementChild },
    };
  };

  for (const figure of document.querySelectorAll('figure[data-seconds]')) {
    const whole = Number(figure.dataset.seconds);
    let from = 0;
    let to = whole;
    // A hidden drawing is moved as well: turning a phone shows it.
    const views = [...figure.querySelectorAll('.picture svg')].map((svg, i) => viewOf(svg, `${figure.id}-zoom-${i}`));
    const note = document.createElement('span');

    const show = () => {
      const step = roundStep(to - from);
      const digits = Math.max(0, -Math.floor(Math.log10(step)));
      const scale = whole / (to - from);
      for (const { width, marks, lines, labels } of views) {
        const places = [];
        for (let i = Math.ceil(from / step); i * step <= to; i++)
          places.push({ at: i * step, x: ((i * step - from) / (to - from)) * width });
        for (const mark of marks)
          mark.setAttribute('transform', `translate(${(-from / whole) * width * scale},0) scale(${scale},1)`);
        for (const line of lines) spread(line, places);
        spread(labels, places, (label, { at }) => {
          label.setAttribute('text-anchor', 'middle');
          label.textContent = at.toFixed(digits);
        });
      }
      note.textContent = `${from.toFixed(digits)} to ${to.toFixed(digits)} s of ${whole.toFixed(digits)} s`;
    };

    const look = (start, end) => {
      const span = Math.max(whole / CLOSEST, Math.min(whole, end - start));
      from = Math.max(0, Math.min(whole - span, start));
      to = from + span;
      show();
    };
    const narrow = (share) => look(from + ((to - from) * share) / 2, to - ((to - from) * share) / 2);
    const shift = (share) => look(from + (to - from) * share, to + (to - from) * share);

    const bar = document.createElement('div');
    bar.className = 'zoom';
    const button = (text, name, act) => {
      const one = document.createElement('button');
      one.type = 'button';
      one.textContent = text;
      one.setAttribute('aria-label', `${name}: ${figure.querySelector('h3').textContent}`);
      one.addEventListener('click', act);
      bar.append(one);
    };
    button('+', 'Closer', () => narrow(0.5));
    button('−', 'Further away', () => narrow(-1));
    button('‹', 'Earlier', () => shift(-0.5));
    button('›', 'Later', () => shift(0.5));
    button('All', 'All of the time', () => look(0, whole));
    note.setAttribute('role', 'status');
    bar.append(note);
    figure.querySelector('.picture').after(bar);

    for (const { svg, plot } of views) {
      let start = null;
      const timeAt = (event) => {
        const { left, width } = plot.getBoundingClientRect();
        return from + Math.max(0, Math.min(1, (event.clientX - left) / width)) * (to - from);
      };
      svg.style.touchAction = 'pan-y';
      svg.addEventListener('pointerdown', (event) => {
        start = timeAt(event);
        event.preventDefault();
      });
      svg.addEventListener('pointerup', (event) => {
        const end = timeAt(event);
        if (start !== null && Math.abs(end - start) > (to - from) / 50)
          look(Math.min(start, end), Math.max(start, end));
        start = null;
      });
      svg.addEventListener('dblclick', () => look(0, whole));
    }
    show();
  }
}
