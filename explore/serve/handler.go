package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"contrastcheck/explore"
	"contrastcheck/explore/assets"
)

// newHandler serves the page and answers its questions.
func newHandler(start []byte) http.Handler {
	mux := http.NewServeMux()
	files := http.FileServerFS(assets.Files)
	mux.HandleFunc("GET /{$}", page)
	mux.HandleFunc("GET /index.html", page)
	mux.Handle("GET /", files)
	quick, long := newPool(cores(), waiting, mostAbandoned), newPool(cores()+1, waiting, mostAbandoned)
	ask := func(kind string) http.HandlerFunc {
		p, within := quick, answerWithin
		if slices.Contains(explore.Long(), kind) {
			p, within = long, longWithin
		}
		return func(w http.ResponseWriter, r *http.Request) { asked(w, r, kind, p, within) }
	}
	mux.HandleFunc("POST /answer", ask(explore.Answer))
	for _, kind := range explore.Kinds() {
		mux.HandleFunc("POST /ask/"+kind, ask(kind))
	}
	mux.HandleFunc("POST /ask/start", func(w http.ResponseWriter, _ *http.Request) {
		if start == nil {
			start = []byte("{}\n")
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(start)
	})
	return mux
}

// page is the page, which asks this server.
func page(w http.ResponseWriter, _ *http.Request) {
	text, err := assets.Files.ReadFile("index.html")
	if err != nil {
		panic("explore: the program has no page: " + err.Error())
	}
	const tag = `<meta name="engine" content="%s">`
	text = bytes.Replace(text, fmt.Appendf(nil, tag, "wasm"), fmt.Appendf(nil, tag, "server"), 1)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(text)
}

// The limits on questions: their length; how many wait for a core, or go on though nobody waits for them; and how long they may wait and be computed.
const (
	longestBody   = 256 << 10
	waiting       = 16
	mostAbandoned = 6
	waitWithin    = 2 * time.Second
	answerWithin  = 10 * time.Second
	longWithin    = 2 * time.Minute
	writeWithin   = 10 * time.Second // a line of an answer
)

// asked answers one question: with an answer as JSON, or where there are pieces before it with a line of JSON for each, the last of which is the answer or {"error": "…"}.
func asked(w http.ResponseWriter, r *http.Request, kind string, p *pool, within time.Duration) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestBody))
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		fail(w, http.StatusRequestEntityTooLarge, fmt.Errorf("expected a question of at most %d bytes", tooLong.Limit))
		return
	case err != nil: // nobody is there any more
		return
	}
	place := p.enter(r.Context())
	if place == nil {
		w.Header().Set("Retry-After", "1")
		fail(w, http.StatusServiceUnavailable, errors.New("expected fewer questions at once; ask again in a second"))
		return
	}
	ctx, end := context.WithTimeout(r.Context(), within)
	defer end()
	out := writer{w: w, control: http.NewResponseController(w)}
	pieces, answered := make(chan []byte), make(chan result, 1)
	go func() { // goes on until the step under way is done
		defer place.leave()
		text, err := explore.Ask(ctx, kind, body, func(line []byte) {
			select {
			case pieces <- line:
			case <-ctx.Done():
			}
		})
		answered <- result{text, err}
	}()
	defer place.abandon()
	for {
		select {
		case line := <-pieces:
			if out.piece(line) != nil { // nobody reads
				return
			}
		case found := <-answered:
			out.end(found)
			return
		case <-ctx.Done():
			out.end(result{err: ctx.Err()})
			return
		}
	}
}

// result is an answer, or why there is none.
type result struct {
	text []byte
	err  error
}
