import grimp


def test_no_module_of_the_networks_imports_itself_by_way_of_another():
    graph = grimp.build_graph("models", cache_dir=None)
    cyclic = {
        module
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
        if module in graph.find_upstream_modules(imported)
    }
    assert cyclic == set()
