import { css } from 'lit';

/** The notification as computers and phones show it. */
export const previewStyles = css`
  .preview h3 {
    font: 600 13px/1.5 var(--ui);
    color: var(--ink-3);
    margin: 0 0 8px;
  }
  .preview p {
    font-size: 13px;
    color: var(--ink-3);
  }
  .toast {
    display: grid;
    grid-template-columns: 34px minmax(0, 1fr);
    gap: 2px 11px;
    margin-block-end: 20px;
    padding: 12px 14px;
    background: var(--paper);
    border: 1px solid var(--line);
    border-radius: 10px;
    box-shadow: 0 2px 10px rgb(0 0 0 / 7%);
    font: 14px/1.4 var(--ui);
    overflow-wrap: anywhere;
  }
  .toast i {
    grid-row: 1 / 4;
    display: grid;
    place-items: center;
    block-size: 34px;
    border-radius: 7px;
    background: var(--paper-3);
    color: var(--ink-2);
    font: 700 17px var(--read);
  }
  .toast b {
    font-weight: 600;
  }
  .toast span {
    color: var(--ink-2);
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 4;
    overflow: hidden;
  }
  .toast small {
    font-size: 12px;
    color: var(--ink-3);
  }
  .toast .blank {
    color: var(--ink-3);
    font-weight: 400;
  }
  .toast.phone {
    border-radius: 18px;
    max-inline-size: 320px;
  }
  .toast.phone b {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .toast.phone span {
    -webkit-line-clamp: 2;
  }
  .toast.phone small {
    order: -1;
    grid-column: 2;
  }

  @media (max-width: 1160px) {
    .entry aside.preview {
      padding: 20px 24px;
    }
    .preview .toast {
      max-inline-size: 360px;
    }
  }
  @media (max-width: 760px) {
    .entry aside.preview {
      padding-inline: 16px;
    }
  }
`;
