package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// providerSchemas asks the provider for its schemas over the plugin protocol,
// in process, and gives the document that `terraform providers schema -json`
// prints. Terraform itself is not asked: each version leaves out the kinds it
// does not know, and pages must not depend on who generates them.
func providerSchemas(ctx context.Context, p provider.Provider) (*tfjson.ProviderSchemas, error) {
	server, err := providerserver.NewProtocol6WithError(p)()
	if err != nil {
		return nil, fmt.Errorf("starting the provider: %w", err)
	}
	answer, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, fmt.Errorf("asking the provider for its schema: %w", err)
	}
	if err := faults(answer.Diagnostics); err != nil {
		return nil, fmt.Errorf("the provider's schema: %w", err)
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, fmt.Errorf("asking the provider for identities: %w", err)
	}
	schema := &tfjson.ProviderSchema{
		ConfigSchema:             schemaOf(answer.Provider),
		ResourceSchemas:          each(answer.ResourceSchemas, schemaOf),
		DataSourceSchemas:        each(answer.DataSourceSchemas, schemaOf),
		EphemeralResourceSchemas: each(answer.EphemeralResourceSchemas, schemaOf),
		ListResourceSchemas:      each(answer.ListResourceSchemas, schemaOf),
		Functions:                each(answer.Functions, functionOf),
		ResourceIdentitySchemas:  each(identities.IdentitySchemas, identityOf),
	}
	return &tfjson.ProviderSchemas{
		FormatVersion: "1.0",
		Schemas:       map[string]*tfjson.ProviderSchema{providerName: schema},
	}, nil
}

func faults(diagnostics []*tfprotov6.Diagnostic) error {
	var all []error
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			all = append(all, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return errors.Join(all...)
}

func each[A, B any](from map[string]A, convert func(A) B) map[string]B {
	to := make(map[string]B, len(from))
	for name, value := range from {
		to[name] = convert(value)
	}
	return to
}

func schemaOf(s *tfprotov6.Schema) *tfjson.Schema {
	if s == nil {
		return nil
	}
	return &tfjson.Schema{Version: uint64(s.Version), Block: blockOf(s.Block)}
}

func blockOf(b *tfprotov6.SchemaBlock) *tfjson.SchemaBlock {
	block := &tfjson.SchemaBlock{
		Attributes:      attributesOf(b.Attributes),
		NestedBlocks:    map[string]*tfjson.SchemaBlockType{},
		Description:     b.Description,
		DescriptionKind: kindOf(b.DescriptionKind),
		Deprecated:      b.Deprecated,
	}
	for _, nested := range b.BlockTypes {
		block.NestedBlocks[nested.TypeName] = &tfjson.SchemaBlockType{
			NestingMode: blockNesting(nested.Nesting),
			Block:       blockOf(nested.Block),
			MinItems:    uint64(nested.MinItems),
			MaxItems:    uint64(nested.MaxItems),
		}
	}
	return block
}

func attributesOf(attributes []*tfprotov6.SchemaAttribute) map[string]*tfjson.SchemaAttribute {
	all := make(map[string]*tfjson.SchemaAttribute, len(attributes))
	for _, a := range attributes {
		attribute := &tfjson.SchemaAttribute{
			Description:     a.Description,
			DescriptionKind: kindOf(a.DescriptionKind),
			Deprecated:      a.Deprecated,
			Required:        a.Required,
			Optional:        a.Optional,
			Computed:        a.Computed,
			Sensitive:       a.Sensitive,
			WriteOnly:       a.WriteOnly,
		}
		if a.NestedType != nil {
			attribute.AttributeNestedType = &tfjson.SchemaNestedAttributeType{
				Attributes:  attributesOf(a.NestedType.Attributes),
				NestingMode: objectNesting(a.NestedType.Nesting),
			}
		} else {
			attribute.AttributeType = typeOf(a.Type)
		}
		all[a.Name] = attribute
	}
	return all
}

func functionOf(f *tfprotov6.Function) *tfjson.FunctionSignature {
	signature := &tfjson.FunctionSignature{
		Summary: f.Summary, Description: f.Description,
		DeprecationMessage: f.DeprecationMessage, ReturnType: typeOf(f.Return.Type),
	}
	for _, p := range f.Parameters {
		signature.Parameters = append(signature.Parameters, parameterOf(p))
	}
	if f.VariadicParameter != nil {
		signature.VariadicParameter = parameterOf(f.VariadicParameter)
	}
	return signature
}

func parameterOf(p *tfprotov6.FunctionParameter) *tfjson.FunctionParameter {
	return &tfjson.FunctionParameter{
		Name: p.Name, Description: p.Description, IsNullable: p.AllowNullValue, Type: typeOf(p.Type),
	}
}

func identityOf(s *tfprotov6.ResourceIdentitySchema) *tfjson.IdentitySchema {
	identity := &tfjson.IdentitySchema{
		Version:    uint64(s.Version),
		Attributes: map[string]*tfjson.IdentityAttribute{},
	}
	for _, a := range s.IdentityAttributes {
		identity.Attributes[a.Name] = &tfjson.IdentityAttribute{
			IdentityType: typeOf(a.Type), Description: a.Description,
			RequiredForImport: a.RequiredForImport, OptionalForImport: a.OptionalForImport,
		}
	}
	return identity
}

// typeOf goes through the JSON form, which both libraries take from Terraform.
func typeOf(t tftypes.Type) cty.Type {
	text, err := t.MarshalJSON() //nolint:staticcheck // deprecated against use outside of the protocol, which this is
	if err != nil {
		return cty.DynamicPseudoType
	}
	var converted cty.Type
	if err := json.Unmarshal(text, &converted); err != nil {
		return cty.DynamicPseudoType
	}
	return converted
}

func kindOf(kind tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	if kind == tfprotov6.StringKindMarkdown {
		return tfjson.SchemaDescriptionKindMarkdown
	}
	return tfjson.SchemaDescriptionKindPlain
}

func blockNesting(mode tfprotov6.SchemaNestedBlockNestingMode) tfjson.SchemaNestingMode {
	return map[tfprotov6.SchemaNestedBlockNestingMode]tfjson.SchemaNestingMode{
		tfprotov6.SchemaNestedBlockNestingModeSingle: tfjson.SchemaNestingModeSingle,
		tfprotov6.SchemaNestedBlockNestingModeList:   tfjson.SchemaNestingModeList,
		tfprotov6.SchemaNestedBlockNestingModeSet:    tfjson.SchemaNestingModeSet,
		tfprotov6.SchemaNestedBlockNestingModeMap:    tfjson.SchemaNestingModeMap,
		tfprotov6.SchemaNestedBlockNestingModeGroup:  tfjson.SchemaNestingModeGroup,
	}[mode]
}

func objectNesting(mode tfprotov6.SchemaObjectNestingMode) tfjson.SchemaNestingMode {
	return map[tfprotov6.SchemaObjectNestingMode]tfjson.SchemaNestingMode{
		tfprotov6.SchemaObjectNestingModeSingle: tfjson.SchemaNestingModeSingle,
		tfprotov6.SchemaObjectNestingModeList:   tfjson.SchemaNestingModeList,
		tfprotov6.SchemaObjectNestingModeSet:    tfjson.SchemaNestingModeSet,
		tfprotov6.SchemaObjectNestingModeMap:    tfjson.SchemaNestingModeMap,
	}[mode]
}
