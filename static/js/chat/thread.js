// An open chat: everything its page does beyond being a page. Each module is one behaviour.

import * as actions from "./actions.js";
import * as composer from "./composer.js";
import * as feed from "./feed.js";
import * as frame from "./frame.js";
import * as keys from "./keys.js";
import * as log from "./log.js";
import * as mentions from "./mentions.js";
import "./panel.js";
import "./playing.js";
import * as reading from "./reading.js";
import * as recording from "./recording.js";
import * as sending from "./sending.js";
import * as typing from "./typing.js";
import * as uploads from "./uploads.js";
import "./viewer.js";

log.start();
feed.start();
sending.start();
mentions.start();
composer.start();
uploads.start();
recording.start();
actions.start();
keys.start();
reading.start();
typing.start();
frame.start();
