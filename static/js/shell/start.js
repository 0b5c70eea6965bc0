// The behaviours every page has. A page's own modules come after this one, in its "scripts" block.

import "../core/dialog.js";
import "../core/forms.js";
import "../core/menu.js";
import "../core/shortcuts.js";
import "../core/time.js";
import "../core/toast.js";
import "./badges.js";
import "./install.js";
import "./sw-register.js";
import "./switcher.js";
import "./unread.js";
