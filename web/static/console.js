/* The console's only script, ES2017. Everything works without it: keys, focus on trouble, one sending of a form. */
(function () {
  'use strict';

  var current = -1;

  function all(selector) {
    return Array.prototype.slice.call(document.querySelectorAll(selector));
  }

  function typing(event) {
    var at = event.target;
    // 229 is what a key means while Chinese is being composed.
    return event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) || at.isContentEditable;
  }

  function step(by) {
    var rows = all('[data-row]');
    if (!rows.length) { return; }
    if (current >= 0 && rows[current]) { rows[current].classList.remove('row-current'); }
    current = Math.max(0, Math.min(rows.length - 1, current + by));
    rows[current].classList.add('row-current');
    var link = rows[current].querySelector('.row-link');
    if (link) { link.focus(); }
    rows[current].scrollIntoView({ block: 'nearest' });
  }

  function reveal(element) {
    for (var at = element; at; at = at.parentElement) {
      if (at.tagName === 'DETAILS') { at.open = true; }
    }
    element.focus();
    element.scrollIntoView({ block: 'center' });
  }

  function button(key) {
    var found = document.querySelector('button[data-key="' + key + '"]');
    if (!found) { return false; }
    var form = found.form;
    var field = form && form.querySelector('textarea, input:not([type=hidden]), select');
    // The key leads to the form; sending it stays a deliberate press of its button.
    reveal(key === 'A' && field && !field.closest('.backdate') ? field : found);
    return true;
  }

  document.addEventListener('keydown', function (event) {
    if (typing(event)) { return; }
    var key = event.key;
    if (key === 'j' || key === 'J') { step(1); }
    else if (key === 'k' || key === 'K') { step(-1); }
    else if (key === '/') {
      var box = document.getElementById('q');
      if (box) { box.focus(); } else { window.location.href = '/cases#q'; }
    }
    else if (key === '?') { window.location.href = '/help'; }
    else if (/^[asr]$/i.test(key)) { if (!button(key.toUpperCase())) { return; } }
    else { return; }
    event.preventDefault();
  });

  all('form[data-once]').forEach(function (form) {
    form.addEventListener('submit', function (event) {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = 'yes';
      form.classList.add('sending');
    });
  });

  // A page brought back by the back button can be sent again: the engine knows the form by its key.
  window.addEventListener('pageshow', function () {
    all('form[data-once]').forEach(function (form) {
      delete form.dataset.sent;
      form.classList.remove('sending');
    });
  });

  // A link to a field opens what the field is folded into.
  document.addEventListener('click', function (event) {
    var link = event.target.closest && event.target.closest('a[href^="#"]');
    var goal = link && document.getElementById(link.getAttribute('href').slice(1));
    if (goal && link.className !== 'skip') {
      event.preventDefault();
      reveal(goal.matches('input, textarea, select') ? goal : goal.querySelector('input:not([type=hidden]), textarea, select, button') || goal);
    }
  });

  // Where the search key led from another page, typing goes on in the box.
  var search = window.location.hash === '#q' && document.getElementById('q');
  if (search) { search.focus(); }

  var trouble = document.getElementById('trouble');
  if (trouble) { trouble.focus(); }

  all('[data-print]').forEach(function (element) {
    element.hidden = false;
    element.addEventListener('click', function () { window.print(); });
  });
})();
