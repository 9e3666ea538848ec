package gmm_test

import (
	"errors"
	"strings"
	"testing"

	"contrastcheck/gmm"
)

// A file may have a net, or two towers; biases that it leaves out are 0, and shapes must fit.
func TestNets(t *testing.T) {
	const start = `{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity", `
	read := func(rest string) (gmm.Document, error) {
		return gmm.Read("net.json", strings.NewReader(start+rest+"}"))
	}
	d, err := read(`"net": {"w": [[1, "1/2"], [0, 2]], "v": [[1], [-1]], "c": [3]}`)
	if err != nil {
		t.Fatal(err)
	}
	if n := d.Net; n.W[0][1] != .5 || n.V[1][0] != -1 || len(n.B) != 2 || n.B[1] != 0 || n.C[0] != 3 || d.NetRight != nil {
		t.Errorf("read %+v, %+v", n, d.NetRight)
	}
	const small = `{"w": [[1, 0]], "v": [[1]]}`
	if d, err = read(`"net_visual": ` + small + `, "net_text": {"w": [[0, 1]], "b": [1], "v": [[2]]}`); err != nil || d.Net.W[0][0] != 1 || d.NetRight.B[0] != 1 {
		t.Errorf("two towers: %v, %+v, %+v", err, d.Net, d.NetRight)
	}
	for rest, key := range map[string]string{
		`"net": []`:                                                               "net",
		`"net": {"w": [[1, 0]]}`:                                                  "net.v",
		`"net": {"w": [[1]], "v": [[1]]}`:                                         "net.w[0]",
		`"net": {"w": [[1, 0]], "v": [[1], [1]]}`:                                 "net.v",
		`"net": {"w": [[1, 0]], "v": [[1]], "b": [1, 2]}`:                         "net.b",
		`"net": {"w": [[1, 0]], "v": [[1]], "c": [1, 2]}`:                         "net.c",
		`"net": {"w": [[1, 0]], "v": [[1]], "c": [true]}`:                         "net.c[0]",
		`"net": {"w": [[1, 0]], "v": [[1]], "u": 1}`:                              "net.u",
		`"net_text": ` + small:                                                    "net_visual",
		`"net_visual": ` + small:                                                  "net_text",
		`"net": ` + small + `, "net_visual": ` + small + `, "net_text": ` + small: "net",
		`"net_visual": ` + small + `, "net_text": {"w": [[1, 0]], "v": [[1, 2]]}`: "net_text.v",
	} {
		var refused *gmm.InputError
		if _, err := read(rest); !errors.As(err, &refused) || refused.Key != key {
			t.Errorf("%s: %v, expected the key %s", rest, err, key)
		}
	}
}
