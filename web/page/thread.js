// What the threads that train have in common: each request of the page is answered by a function of its name, whose result is
// posted, unless it is null. Requests that arrive before the module wait for it. If it cannot be loaded, every request is
// answered with the reason, as "broken".

import {loadModule, Playground} from "./core.js";

// started(playground) is called once; failed() when an answer throws, before its message is posted as "problem".
export function serve(answers, started, failed = () => {}) {
    const early = [];
    let ready = false, broken = null;

    function reply(request) {
        let answer = null;
        try {
            answer = broken === null ? answers[request.type](request) : {type: "broken", message: broken};
        } catch (error) {
            failed();
            answer = {type: "problem", message: error.message};
        }
        if (answer !== null)
            postMessage(answer);
    }

    async function start({module, problem}) {
        try {
            if (module === undefined)
                throw new Error(problem);
            started(new Playground(await loadModule(module)));
        } catch (error) {
            broken = error.message;
        }
        ready = true;
        for (const request of early.splice(0))
            reply(request);
    }

    self.onmessage = ({data}) => {
        if (data.type === "module")
            start(data);
        else if (ready)
            reply(data);
        else
            early.push(data);
    };
}
