package gmm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// object is a JSON object in the order of the file.
type object struct {
	keys   []string
	values map[string]any
}

// strictJSON reads one JSON object and nothing after it. Values are *object,
// []any, string and json.Number; it refuses null, booleans, duplicate keys,
// trailing data and nesting beyond what a mixture needs, all of which
// encoding/json lets pass.
func strictJSON(data []byte) (*object, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, &InputError{Expected: "a JSON object", Found: "an empty file", Reason: ErrSyntax}
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	value, err := strictValue(decoder, "", 0)
	if err != nil {
		return nil, err
	}
	top, ok := value.(*object)
	if !ok {
		return nil, &InputError{Expected: "a JSON object", Found: kind(value), Reason: ErrSyntax}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, &InputError{Expected: "nothing after the closing brace", Found: "trailing data", Reason: ErrSyntax}
	}
	return top, nil
}

// ignored is the key whose value, whatever it is, is not for readers of mixtures.
const ignored = "certificate"

// deepest is the nesting of a general mixture's covariances inside a paired file, and some.
const deepest = 8

func strictValue(decoder *json.Decoder, key string, depth int) (any, error) {
	if depth > deepest {
		return nil, &InputError{Key: key, Expected: "at most 8 levels of nesting", Reason: ErrSyntax}
	}
	token, err := decoder.Token()
	if err != nil {
		return nil, syntax(key, err)
	}
	return strictFrom(token, decoder, key, depth)
}

// strictFrom is strictValue of the value that a token begins.
func strictFrom(token json.Token, decoder *json.Decoder, key string, depth int) (any, error) {
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return strictObject(decoder, key, depth)
		}
		return strictArray(decoder, key, depth)
	case string, json.Number:
		return t, nil
	}
	return nil, &InputError{Key: key, Expected: "a number, a string, a list or an object", Found: kind(token), Reason: ErrSyntax}
}

func strictObject(decoder *json.Decoder, key string, depth int) (any, error) {
	o := &object{values: map[string]any{}}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, syntax(key, err)
		}
		name, ok := token.(string)
		if !ok {
			return nil, &InputError{Key: key, Expected: "a key", Found: fmt.Sprint(token), Reason: ErrSyntax}
		}
		if _, twice := o.values[name]; twice {
			return nil, &InputError{Key: join(key, name), Expected: "each key once", Found: "a duplicate", Reason: ErrSyntax}
		}
		if name == ignored && depth == 0 {
			var skipped json.RawMessage
			if err := decoder.Decode(&skipped); err != nil {
				return nil, syntax(name, err)
			}
			o.values[name] = skipped
			continue
		}
		value, err := strictValue(decoder, join(key, name), depth+1)
		if err != nil {
			return nil, err
		}
		o.keys = append(o.keys, name)
		o.values[name] = value
	}
	if _, err := decoder.Token(); err != nil {
		return nil, syntax(key, err)
	}
	return o, nil
}

func strictArray(decoder *json.Decoder, key string, depth int) (any, error) {
	list := []any{}
	for decoder.More() {
		place := func() string { return fmt.Sprintf("%s[%d]", key, len(list)) } // not written for millions of numbers
		token, err := decoder.Token()
		if err != nil {
			return nil, syntax(place(), err)
		}
		var value any = token
		if depth == deepest {
			return nil, &InputError{Key: place(), Expected: "at most 8 levels of nesting", Reason: ErrSyntax}
		}
		if _, plain := token.(json.Number); !plain {
			if value, err = strictFrom(token, decoder, place(), depth+1); err != nil {
				return nil, err
			}
		}
		list = append(list, value)
	}
	if _, err := decoder.Token(); err != nil {
		return nil, syntax(key, err)
	}
	return list, nil
}

// only refuses keys other than those allowed.
func (o *object) only(prefix string, allowed ...string) error {
	for _, key := range o.keys {
		if !slices.Contains(allowed, key) {
			return &InputError{Key: join(prefix, key), Expected: "one of the keys " + strings.Join(allowed, ", "),
				Found: "an unknown key", Reason: ErrSyntax}
		}
	}
	return nil
}

func syntax(key string, err error) error {
	found := err.Error()
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		found = "the end of the file"
	}
	return &InputError{Key: key, Expected: "well-formed JSON", Found: found, Reason: ErrSyntax}
}

func join(prefix, key string) string {
	if prefix == "" {
		return key
	}
	return prefix + "." + key
}

// kind names a JSON value for an error message.
func kind(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return fmt.Sprint(v)
	case string:
		return fmt.Sprintf("the string %q", v)
	case json.Number:
		return "the number " + v.String()
	case []any:
		return "a list"
	}
	return "an object"
}
