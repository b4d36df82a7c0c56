package wire

import (
	"encoding/json"
	"math"
	"math/big"
	"reflect"
	"strconv"
)

// fillScalar sets a string, boolean or number. Nothing is converted on the
// way: AWS answers "30" for a number with SerializationException too.
func fillScalar(v reflect.Value, doc any, path string) error {
	switch v.Kind() {
	case reflect.String:
		text, ok := doc.(string)
		if !ok {
			return mismatch(path, "a string", doc)
		}
		v.SetString(text)
	case reflect.Bool:
		flag, ok := doc.(bool)
		if !ok {
			return mismatch(path, "a boolean", doc)
		}
		v.SetBool(flag)
	case reflect.Int32, reflect.Int64, reflect.Int:
		n, ok := integer(doc)
		if !ok || v.OverflowInt(n) {
			return mismatch(path, "an integer in range", doc)
		}
		v.SetInt(n)
	case reflect.Float32, reflect.Float64:
		f, ok := float(doc)
		if !ok {
			return mismatch(path, "a number", doc)
		}
		v.SetFloat(f)
	default:
		return mismatch(path, "of type "+v.Type().String(), doc)
	}
	return nil
}

// integer reads whole numbers; 5.0 is one, as clients in languages without
// integers send it.
func integer(doc any) (int64, bool) {
	switch n := doc.(type) {
	case json.Number:
		if i, err := n.Int64(); err == nil {
			return i, true
		}
		f, err := n.Float64()
		return wholeFloat(f, err == nil)
	case int64:
		return n, true
	case uint64:
		return int64(n), n <= math.MaxInt64
	case float64:
		return wholeFloat(n, true)
	}
	return 0, false
}

func wholeFloat(f float64, ok bool) (int64, bool) {
	if !ok || f != math.Trunc(f) || math.Abs(f) >= 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// float reads numbers and the three names that JSON protocols use for values
// without a JSON form.
func float(doc any) (float64, bool) {
	switch n := doc.(type) {
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	case int64:
		return float64(n), true
	case uint64:
		return float64(n), true
	case float32:
		return float64(n), true
	case float64:
		return n, true
	case big.Int:
		f, _ := new(big.Float).SetInt(&n).Float64()
		return f, true
	case string:
		if n == "NaN" || n == "Infinity" || n == "-Infinity" {
			f, err := strconv.ParseFloat(n, 64)
			return f, err == nil
		}
	}
	return 0, false
}
