package explore_test

import (
	"context"
	"testing"

	"contrastcheck/explore/serve"
)

// The page opens, answers, and says nothing on the console.
func TestPageOpens(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is started")
	}
	browser := chromium(t)
	server, err := serve.Listen(0, nil)
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- server.Run(ctx) }()
	w := open(t, browser, server.URL()+"#w=1,3&m=2,0;0,1", light)
	if said := w.text("verdict"); said != "One of two directions is lost" {
		t.Errorf("the verdict is %q", said)
	}
	w.until(`document.querySelectorAll("#losses-table tr").length > 3`)
	w.quiet(server.URL())
	stop()
	must(t, <-ended)
}
