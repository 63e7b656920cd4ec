import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { followTasks } from './bridge/tasks.ts';
import './style/fonts.ts';
import './style/base.css';
import './style/frame.css';
import './style/widgets.css';
import './style/screens.css';
import './style/flow.css';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
void followTasks();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
