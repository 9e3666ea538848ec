//go:build js && wasm

// Wasm is the engine of the static page: it gives the worker that runs it one function,
//
//	contrastcheckAsk(kind, body, onPart) → Promise of the answer
//
// of texts, as explore.Ask has it. The worker is ended to cancel a question.
package main

import (
	"context"
	"syscall/js"

	"contrastcheck/explore"
)

func main() {
	js.Global().Set("contrastcheckAsk", js.FuncOf(ask))
	select {} // answers come from callbacks
}

func ask(_ js.Value, args []js.Value) any {
	kind, body, onPart := args[0].String(), []byte(args[1].String()), js.Undefined()
	if len(args) > 2 {
		onPart = args[2]
	}
	executor := js.FuncOf(func(_ js.Value, settle []js.Value) any {
		resolve, reject := settle[0], settle[1]
		go func() {
			answer, err := explore.Ask(context.Background(), kind, body, func(line []byte) {
				if onPart.Type() == js.TypeFunction {
					onPart.Invoke(string(line))
				}
			})
			if err != nil {
				reject.Invoke(js.Global().Get("Error").New(err.Error()))
				return
			}
			resolve.Invoke(string(answer))
		}()
		return nil
	})
	defer executor.Release()
	return js.Global().Get("Promise").New(executor)
}
