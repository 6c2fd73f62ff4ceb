// Before the page is laid out: begins what takes longest, the thread that trains (data-worker of the script), as `trainer`, and
// the compilation of the module that it runs. A classic script, since modules wait for the page.

const policy = globalThis.trustedTypes?.createPolicy("percept", {createScriptURL: url => url}) ?? {createScriptURL: url => url};
globalThis.trainer = new Worker(policy.createScriptURL(document.currentScript.dataset.worker), {type: "module"});

// While it arrives, where the server says what it is.
async function compile() {
    const response = await fetch("percept.wasm");
    if (!response.ok)
        throw new Error(`percept.wasm cannot be loaded (${response.status}); reload the page`);
    return response.headers.get("Content-Type") === "application/wasm" ? WebAssembly.compileStreaming(response)
        : WebAssembly.compile(await response.arrayBuffer());
}

compile().then(module => trainer.postMessage({type: "module", module}),
    error => trainer.postMessage({type: "module", problem: error.message}));
